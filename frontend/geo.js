// Pages on which a place can be given with one tap.
import { each } from "./lib.js";
import { place } from "./place.js";

each("[data-place]", place);
