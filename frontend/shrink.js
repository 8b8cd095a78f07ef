// Photos are made small before they travel over a mountain's network: at most 1600 px, JPEG.
import Compressor from "compressorjs";

const LONGEST = 1600;
const QUALITY = 0.8;

/** The picture as a smaller JPEG; rejects for what the browser cannot read as one. */
export const shrink = (file) =>
  new Promise((resolve, reject) => {
    new Compressor(file, { maxWidth: LONGEST, maxHeight: LONGEST, quality: QUALITY, mimeType: "image/jpeg", convertSize: 0, success: resolve, error: reject });
  });
