// A page that is opened as a file may not start a worker. Its search then runs in a hidden frame of the page.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.frame.worker = this;
      this.frame.srcdoc =
        "<script>postMessage = data => frameElement.worker.receive(data)</script>" + `<script src="${url}"></script>`;
      this.frame.onload = () => {
        this.isReady = true;
        this.waiting.splice(0).forEach(data => this.postMessage(data));
      };
      document.body.append(this.frame);
    }

    receive(data) {
      this.dispatchEvent(new MessageEvent("message", { data }));
    }

    postMessage(data) {
      if (this.isReady) {
        this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data }));
      } else {
        this.waiting.push(data);
      }
    }

    terminate() {
      this.frame.remove();
    }
  };
}
