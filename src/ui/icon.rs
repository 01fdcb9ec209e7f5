//! Small line drawings of our own, as vector shapes: they take the text's
//! colour, and say nothing that the text beside them does not.

use web_sys::Element;

use crate::ui::dom::{append, drawn};

/// Strokes in a square of 24.
pub struct Icon(&'static str);

impl Icon {
    pub const CARD: Icon = Icon("M3 6h18v12.5H3zM3 10.5h18M6.5 15h4");
    pub const SAVED_CARD: Icon = Icon("M21 10.5V6H3v12.5h8M3 10.5h18M14 17l2.5 2.5 5-5.5");
    pub const CODE: Icon = Icon("M7 2.5h10v19H7zM10 7.5h.01M12 7.5h.01M14 7.5h.01M11 18.5h2");
    pub const PAGE: Icon = Icon("M14 4h6v6M20 4l-9 9M17.5 14v5.5h-13v-13H10");
    pub const PICTURE: Icon =
        Icon("M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5M20 14v6h-3.5M14 20h.01");
    pub const WALLET: Icon =
        Icon("M18 8V4.5H5.5a2 2 0 0 0-2 2V17a2.5 2.5 0 0 0 2.5 2.5h14.5V8H5M16.5 13.5h.01");
    pub const TERMINAL: Icon = Icon(
        "M6.5 2.5h11v19h-11zM9.5 6h5v3.5h-5zM9.5 13.5h.01M12 13.5h.01M14.5 13.5h.01M9.5 17h.01M12 17h.01M14.5 17h.01",
    );
    pub const LOCK: Icon = Icon("M5.5 10.5h13v9.5h-13zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3M12 14.5v2");

    pub fn draw(&self) -> Element {
        let icon = drawn(
            "svg",
            &[
                ("class", "icon"),
                ("viewBox", "0 0 24 24"),
                ("aria-hidden", "true"),
            ],
        );
        append(&icon, &[&drawn("path", &[("d", self.0)])]);
        icon
    }
}
