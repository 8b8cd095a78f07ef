// Areas and points from our own database; no tiles, so the map works without any other server.
import L from "leaflet";
import { each, follow, load, make, safe, text, tell, token } from "./lib.js";

const SHADES = 5;
const LIGHTS = { green: "--mq-green", yellow: "--mq-yellow", red: "--mq-red", grey: "--mq-grey", blue: "--mq-blue" };

/** Upper bounds of the classes: equal steps up to the largest value, whole numbers, no empty ones. */
export function bounds(values) {
  const most = Math.max(0, ...values);
  if (!most) return [];
  const steps = Array.from({ length: SHADES }, (_, index) => Math.ceil((most * (index + 1)) / SHADES));
  return [...new Set(steps)];
}

const shade = (value, limits) => {
  if (!value || !limits.length) return token("--mq-shade-0");
  const index = limits.findIndex((limit) => value <= limit);
  return token(`--mq-shade-${Math.round(((index + 1) / limits.length) * SHADES)}`);
};

const label = (item, unit) => `${item.name}${item.label ?? (item.value === undefined ? "" : ` ${item.value}${unit}`)}`;

function drawAreas(map, areas, unit) {
  const limits = bounds(areas.map((area) => area.value ?? 0));
  const layer = L.featureGroup();
  for (const area of areas) {
    if (!area.geometry) continue;
    const shape = L.geoJSON(area.geometry, {
      interactive: Boolean(area.url) || !map.options.picking,
      style: { color: token("--mq-line-strong"), weight: 1.2, fillColor: shade(area.value, limits), fillOpacity: 0.85 },
    });
    if (!map.options.picking) shape.bindTooltip(make("span", {}, label(area, unit)), { sticky: true });
    if (area.url && !map.options.picking) shape.on("click", () => follow(area.url));
    layer.addLayer(shape);
  }
  return layer.addTo(map);
}

function drawPoints(map, points, unit) {
  const layer = L.featureGroup();
  for (const point of points) {
    const colour = token(LIGHTS[point.light] ?? "--mq-accent");
    const dot = L.circleMarker([point.latitude, point.longitude], { radius: 9, weight: 2, color: "#fff", fillColor: colour, fillOpacity: 1 });
    dot.bindTooltip(make("span", {}, label(point, unit)));
    if (point.url) dot.on("click", () => follow(point.url));
    layer.addLayer(dot);
  }
  return layer.addTo(map);
}

function legend(map, areas, unit) {
  const limits = bounds(areas.map((area) => area.value ?? 0));
  if (!limits.length) return;
  const control = L.control({ position: "bottomleft" });
  control.onAdd = () => {
    const box = make("div", { className: "map-legend" });
    let from = 1;
    for (const limit of limits) {
      const patch = make("i", { className: "map-shade" });
      patch.style.backgroundColor = shade(limit, limits);
      box.append(make("span", {}, patch, `${from === limit ? limit : `${from}–${limit}`}${unit}`));
      from = limit + 1;
    }
    return box;
  };
  control.addTo(map);
}

function fillList(box, data) {
  const list = box.closest(".map-box")?.querySelector("[data-map-list]");
  if (!list) return;
  const rows = [...(data.areas ?? []), ...(data.points ?? [])].map((item) => {
    const words = label(item, data.unit ?? "");
    const href = safe(item.url);
    return make("li", {}, href ? make("a", { href }, words) : words);
  });
  list.replaceChildren(...(rows.length ? rows : [make("li", {}, text("no-figures"))]));
}

/** Draw the map into `box`; with `picking` it shows the areas only and answers to taps. */
export async function start(box, { picking = false } = {}) {
  const map = L.map(box, {
    attributionControl: false,
    zoomControl: false,
    scrollWheelZoom: false,
    zoomSnap: 0.25,
    picking,
  }).setView([29.7, 120.4], 10);
  L.control.zoom({ zoomInTitle: text("zoom-in"), zoomOutTitle: text("zoom-out"), position: "topright" }).addTo(map);
  try {
    const data = await load(box.dataset.url);
    const areas = drawAreas(map, data.areas ?? [], data.unit ?? "");
    const points = drawPoints(map, data.points ?? [], data.unit ?? "");
    const extent = areas.getBounds().extend(points.getBounds());
    if (extent.isValid()) map.fitBounds(extent, { padding: [12, 12], maxZoom: 15 });
    if (!picking) legend(map, data.areas ?? [], data.unit ?? "");
    fillList(box, data);
  } catch {
    tell(text("data-failed"), { kind: "warning" });
  }
  return map;
}

// geo.js carries this module as well; a page that loads both must not draw twice
each("[data-map]:not([data-pick])", (box) => {
  if (!box.dataset.drawn) start(box);
  box.dataset.drawn = "1";
});
