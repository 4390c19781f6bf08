document.title = "watershed";
