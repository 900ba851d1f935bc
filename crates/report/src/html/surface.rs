//! The attack surface of a page: each entry point, what guards it, and what it reaches.

use super::{Page, put, text};
use crate::layout::count;
use assay_finding::{Channel, EntryPoint, Place};
use std::fmt::Write as _;

/// Entry points listed; `assay surface` lists all.
const MAX_ENTRIES: usize = 3_000;
/// Guards, inputs and effects listed of one.
const MAX_ITEMS: usize = 12;

impl Page<'_> {
    /// Whether there is an entry point to show.
    pub(super) fn has_surface(&self) -> bool {
        self.review().surface.iter().any(|entry| !entry.in_test)
    }

    pub(super) fn surface(&mut self) {
        let entries: Vec<&EntryPoint> = self.review().surface.iter().filter(|entry| !entry.in_test).collect();
        if entries.is_empty() {
            return;
        }
        let bare = entries.iter().filter(|entry| entry.guards.is_empty()).count();
        put!(
            self,
            "<section id=\"surface\" aria-labelledby=\"h-surface\">\n<h2 id=\"h-surface\">Attack surface</h2>\n<p>{}; {} without a \
             guard that was seen. That is no finding by itself: an operation may be meant for everybody.</p>\n<form class=\"filters\" \
             id=\"surface-filters\" role=\"search\" aria-label=\"Filter the entry points\" hidden><label class=\"grow\">Search <input \
             type=\"search\" name=\"text\" placeholder=\"path, function, guard or effect\" autocomplete=\"off\"></label><label \
             class=\"tick\"><input type=\"checkbox\" name=\"bare\"> without a guard</label><button type=\"reset\">Reset</button></form>\n<p id=\"surface-count\" role=\"status\"></p>\n",
            count(entries.len(), "entry point"),
            bare
        );
        for channel in Channel::ALL {
            let here: Vec<&&EntryPoint> =
                entries.iter().filter(|entry| entry.channel == channel).take(MAX_ENTRIES).collect();
            if here.is_empty() {
                continue;
            }
            let title = channel.title(here.len());
            put!(
                self,
                "<details{}><summary>{} {title}</summary>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" \
                 aria-label=\"Table of {title}\"><table class=\"surface\">\n<thead><tr><th scope=\"col\">entry point</th><th \
                 scope=\"col\">guarded by</th><th scope=\"col\">reaches</th></tr></thead>\n<tbody>\n",
                if entries.len() <= 40 { " open" } else { "" },
                here.len()
            );
            for entry in here {
                self.entry(entry);
            }
            put!(self, "</tbody>\n</table></div></details>\n");
        }
        put!(self, "</section>\n");
    }

    fn entry(&mut self, entry: &EntryPoint) {
        let bare = if entry.guards.is_empty() { " class=\"bare\"" } else { "" };
        let mut name = entry.methods.join(", ");
        if let Some(path) = &entry.path {
            let _ = write!(name, " {path}");
        }
        put!(self, "<tr{bare}><th scope=\"row\">");
        if !name.trim().is_empty() {
            put!(self, "<code>{}</code><br>", text(name.trim()));
        }
        put!(
            self,
            "<code>{}</code><br><span class=\"path\">{}</span>",
            text(&entry.place.function),
            self.spot(&entry.place)
        );
        if !entry.inputs.is_empty() {
            let inputs: Vec<String> = entry
                .inputs
                .iter()
                .take(MAX_ITEMS)
                .map(|input| format!("<code>{}</code>", text(&input.name)))
                .collect();
            put!(self, "<br>takes {}", inputs.join(", "));
        }
        if let Some(assumption) = &entry.assumption {
            put!(self, "<br>assumed: {}", super::rich(assumption));
        }
        put!(self, "</th><td>");
        if entry.guards.is_empty() {
            put!(self, "<span class=\"o potential\">no guard seen</span>");
        }
        for guard in entry.guards.iter().take(MAX_ITEMS) {
            let at = guard
                .place
                .as_ref()
                .map_or_else(String::new, |place| format!(" <span class=\"path\">{}</span>", self.spot(place)));
            put!(self, "<div>{} <code>{}</code>{at}</div>", guard.kind.id(), text(&guard.name));
        }
        put!(self, "</td><td>");
        for effect in entry.effects.iter().take(MAX_ITEMS) {
            put!(
                self,
                "<div><span class=\"kind\">{}</span> <code>{}</code> <span class=\"path\">{}</span>{}</div>",
                effect.kind.id(),
                text(&effect.api),
                self.spot(&effect.place),
                if effect.count > 1 { format!(" ×{}", effect.count) } else { String::new() }
            );
        }
        if entry.effects.len() > MAX_ITEMS {
            put!(self, "<div>and {} more</div>", entry.effects.len() - MAX_ITEMS);
        }
        put!(self, "</td></tr>\n");
    }

    fn spot(&self, place: &Place) -> String {
        let file = self.account.file(place);
        format!("{}:{}", text(&file.path), file.line_column(place.span.start).line)
    }
}
