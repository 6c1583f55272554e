// Before anything is painted, so that no light flashes at night.
document.documentElement.dataset.theme = localStorage.getItem('theme') || 'auto';
