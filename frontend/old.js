// What browsers of 2020 lack (Chrome 80, and the WebView that WeChat brings) and ours need. Nothing else goes in here:
// tests/visits/test_bundle.py says what is newer and used.
for (const shape of [Element, Document, DocumentFragment]) {
  shape.prototype.replaceChildren ||= function replaceChildren(...children) {
    while (this.lastChild) this.removeChild(this.lastChild);
    this.append(...children);
  };
}
Object.hasOwn ||= (of, name) => Object.prototype.hasOwnProperty.call(of, name);
