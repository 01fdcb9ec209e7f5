//! A QR code on the screen. Drawn on a canvas: a `data:` image would need an
//! exception in the page's policy.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageBitmap,
};

use crate::browser::page;
use crate::core::text::Texts;
use crate::ui::dom::{make, show};
use crate::ui::status::StatusLine;

pub struct Scan {
    pub root: Element,
    inner: Rc<Inner>,
}

struct Inner {
    canvas: HtmlCanvasElement,
    texts: &'static Texts,
    status: StatusLine,
    /// What is drawn or about to be, as the server sent it.
    shown: RefCell<Option<String>>,
    failed: Cell<bool>,
}

impl Scan {
    pub fn new(texts: &'static Texts, status: &StatusLine) -> Self {
        let attributes = [
            ("part", "qr"),
            ("role", "img"),
            ("aria-label", texts.scan_title),
            ("hidden", ""),
        ];
        let canvas: HtmlCanvasElement = make("canvas", &attributes);
        Scan {
            root: canvas.clone().into(),
            inner: Rc::new(Inner {
                canvas,
                texts,
                status: status.clone(),
                shown: RefCell::default(),
                failed: Cell::new(false),
            }),
        }
    }

    /// `image`: a PNG in Base64.
    pub fn draw(&self, image: Option<&str>) {
        let inner = &self.inner;
        let Some(image) = image else {
            inner.shown.take();
            show(&self.root, false);
            return;
        };
        if inner.shown.borrow().as_deref() != Some(image) {
            inner.shown.replace(Some(image.to_owned()));
            inner.failed.set(false);
            let (inner, image) = (inner.clone(), image.to_owned());
            spawn_local(async move {
                let bitmap = decode(&image).await;
                // Another may have come meanwhile.
                if inner.shown.borrow().as_deref() == Some(&image) {
                    let drawn = bitmap.and_then(|bitmap| inner.paint(&bitmap));
                    inner.failed.set(drawn.is_err());
                    inner.say();
                }
            });
        }
        inner.say();
    }
}

impl Inner {
    fn say(&self) {
        let failed = self.failed.get();
        show(&self.canvas, !failed);
        if failed {
            self.status.say("bad", self.texts.scan_failed);
        } else {
            self.status.say("", self.texts.scan);
        }
    }

    fn paint(&self, bitmap: &ImageBitmap) -> Result<(), JsValue> {
        self.canvas.set_width(bitmap.width());
        self.canvas.set_height(bitmap.height());
        let context = self.canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
        let context: CanvasRenderingContext2d = context.unchecked_into();
        context.draw_image_with_image_bitmap(bitmap, 0.0, 0.0)
    }
}

async fn decode(image: &str) -> Result<ImageBitmap, JsValue> {
    let window = page::window().ok_or(JsValue::NULL)?;
    // One character a byte, none above 255.
    let bytes: Vec<u8> = window.atob(image)?.chars().map(|byte| byte as u8).collect();
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice()).into());
    let kind = page::bare::<BlobPropertyBag>();
    kind.set_type("image/png");
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind)?;
    let bitmap = JsFuture::from(window.create_image_bitmap_with_blob(&blob)?).await?;
    Ok(bitmap.unchecked_into())
}
