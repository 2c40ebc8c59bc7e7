"""The images users see: references, import, load, save, history, removal."""
