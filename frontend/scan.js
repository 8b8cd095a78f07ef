// The pages that read a household code with the camera go to what is behind it.
import { each } from "./lib.js";
import { scanner } from "./scanner.js";

each("[data-scan]", (box) => scanner(box, (code) => window.location.assign(`${box.dataset.target}${encodeURIComponent(code)}/`)));
