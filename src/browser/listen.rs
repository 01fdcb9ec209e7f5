//! Event listeners that end with their owner; those of the page itself end with
//! the instance too, should it trap and never drop anything again.

use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AbortSignal, AddEventListenerOptions, Event, EventTarget};

use crate::browser::page;

thread_local!(static END: RefCell<Option<AbortSignal>> = const { RefCell::new(None) });

/// Listeners of the page itself end with `signal` from now on.
pub fn until(signal: AbortSignal) {
    END.set(Some(signal));
}

/// A listener on a DOM event; dropping it removes it.
#[must_use = "dropping a listener removes it"]
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    /// Not `FnMut`: what is done on an event may raise the same event again.
    callback: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// On a node of our own, with which it goes away.
    pub fn new(
        target: &EventTarget,
        kind: &'static str,
        callback: impl Fn(Event) + 'static,
    ) -> Self {
        Listener::until(None, target, kind, callback)
    }

    /// On the window or the document, which outlive us.
    pub fn on_page(
        target: &EventTarget,
        kind: &'static str,
        callback: impl Fn(Event) + 'static,
    ) -> Self {
        END.with_borrow(|end| Listener::until(end.as_ref(), target, kind, callback))
    }

    fn until(
        end: Option<&AbortSignal>,
        target: &EventTarget,
        kind: &'static str,
        callback: impl Fn(Event) + 'static,
    ) -> Self {
        let callback = Closure::<dyn Fn(Event)>::new(callback);
        let options = page::bare::<AddEventListenerOptions>();
        if let Some(end) = end {
            options.set_signal(end);
        }
        // Fails only for a dead target, which sends nothing either.
        let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
            kind,
            callback.as_ref().unchecked_ref(),
            &options,
        );
        Listener {
            target: target.clone(),
            kind,
            callback,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self
            .target
            .remove_event_listener_with_callback(self.kind, self.callback.as_ref().unchecked_ref());
    }
}
