// Where it is: from the phone (WGS-84) or by a tap on the map. The hidden fields are those of web.forms.PlaceMixin.
import L from "leaflet";
import { each, text, token } from "./lib.js";
import { start } from "./map.js";

const REASONS = { 1: "place-denied", 2: "place-unavailable", 3: "place-timeout" };

function place(box) {
  const field = (name) => box.querySelector(`input[name$="${name}"]`);
  const state = box.querySelector("[data-state]");
  const locate = box.querySelector("[data-locate]");
  const forget = box.querySelector("[data-forget]");
  const map = box.querySelector("[data-map][data-pick]");
  let mark = () => {};

  const fill = (latitude, longitude, accuracy, datum) => {
    field("latitude").value = latitude === "" ? "" : Number(latitude).toFixed(6);
    field("longitude").value = longitude === "" ? "" : Number(longitude).toFixed(6);
    field("accuracy_m").value = accuracy === "" ? "" : Math.round(accuracy);
    field("datum").value = datum;
    forget.hidden = latitude === "";
    mark(latitude, longitude);
  };

  box.hidden = false;
  locate.hidden = false;
  forget.hidden = !field("latitude").value;
  forget.addEventListener("click", () => {
    fill("", "", "", "");
    state.textContent = "";
    locate.focus();
  });
  locate.addEventListener("click", () => {
    if (!navigator.geolocation) {
      state.textContent = text("place-unsupported");
      return;
    }
    state.textContent = text("place-searching");
    locate.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        fill(coords.latitude, coords.longitude, coords.accuracy, "WGS-84");
        state.textContent = text("place-found", Math.round(coords.accuracy));
        locate.disabled = false;
      },
      (error) => {
        state.textContent = text(REASONS[error.code] ?? "place-unavailable");
        locate.disabled = false;
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
  if (map) pickOn(map, field, (point) => {
    fill(point.lat, point.lng, "", map.dataset.datum || "WGS-84");
    state.textContent = text("place-picked");
  }).then((moved) => (mark = moved));
}

async function pickOn(box, field, picked) {
  const map = await start(box, { picking: true });
  let dot;
  const mark = (latitude, longitude) => {
    dot?.remove();
    if (latitude === "") return;
    dot = L.circleMarker([latitude, longitude], { radius: 11, weight: 3, color: "#fff", fillColor: token("--mq-red"), fillOpacity: 1 }).addTo(map);
    map.panTo([latitude, longitude]);
  };
  map.on("click", (event) => picked(event.latlng));
  if (field("latitude").value) mark(field("latitude").value, field("longitude").value);
  return mark;
}

each("[data-place]", place);
