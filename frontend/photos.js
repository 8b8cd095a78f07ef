// Makes photos small before they travel over a mountain's network: ≤ 1600 px JPEG, previews, removal.
import { each, make, text } from "./lib.js";
import { shrink } from "./shrink.js";

const small = async (file) => new File([await shrink(file)], jpegName(file.name), { type: "image/jpeg" });

const jpegName = (name) => `${name.replace(/\.[^.]*$/, "") || "photo"}.jpg`;

function picker(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector(".photo-list");
  const error = box.querySelector("[data-error]");
  const most = Number(box.dataset.max) || 6;
  let chosen = [];

  const complain = (sentence) => {
    error.textContent = sentence;
    error.hidden = !sentence;
  };

  const hand = () => {
    const transfer = new DataTransfer();
    chosen.forEach((photo) => transfer.items.add(photo));
    input.files = transfer.files;
  };

  const show = () => {
    list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    list.replaceChildren(
      ...chosen.map((photo) => {
        const remove = make("button", { type: "button", className: "btn-close", ariaLabel: `${text("remove-photo")} ${photo.name}` });
        remove.addEventListener("click", () => {
          chosen = chosen.filter((other) => other !== photo);
          hand();
          show();
          complain("");
          input.focus();
        });
        return make("li", {}, make("img", { src: URL.createObjectURL(photo), alt: photo.name }), remove);
      }),
    );
  };

  input.addEventListener("change", async () => {
    const added = [...input.files];
    const complaints = [];
    box.setAttribute("aria-busy", "true");
    for (const file of added) {
      if (!file.type.startsWith("image/")) complaints.push(text("not-a-photo", file.name));
      else if (chosen.length >= most) {
        complaints.push(text("too-many-photos", most));
        break;
      } else {
        try {
          chosen.push(await small(file));
        } catch {
          complaints.push(text("photo-broken", file.name));
        }
      }
    }
    box.removeAttribute("aria-busy");
    hand();
    show();
    complain(complaints.join(" "));
  });
}

each("[data-photos]", picker);
