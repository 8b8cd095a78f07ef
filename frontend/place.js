// Where it is: from the phone (WGS-84). The hidden fields are those of web.forms.PlaceMixin.
import { text } from "./lib.js";

const REASONS = { 1: "place-denied", 2: "place-unavailable", 3: "place-timeout" };

/** A box as web/parts/place.html draws it. */
export function place(box) {
  const field = (name) => box.querySelector(`input[name$="${name}"]`);
  const state = box.querySelector("[data-state]");
  const locate = box.querySelector("[data-locate]");
  const forget = box.querySelector("[data-forget]");

  const fill = (latitude, longitude, accuracy, datum) => {
    field("latitude").value = latitude === "" ? "" : Number(latitude).toFixed(6);
    field("longitude").value = longitude === "" ? "" : Number(longitude).toFixed(6);
    field("accuracy_m").value = accuracy === "" ? "" : Math.round(accuracy);
    field("datum").value = datum;
    forget.hidden = latitude === "";
    // what keeps drafts hears of it as of anything typed
    field("datum").dispatchEvent(new Event("input", { bubbles: true }));
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
}
