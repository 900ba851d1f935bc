//! The path of the data as a picture: one row for each function, one column for each step.

use super::text;
use assay_finding::{Review, Step, StepKind};
use std::fmt::Write as _;

/// Steps drawn; the middle of a longer path is left out.
const MAX_STEPS: usize = 40;
/// Functions that have a row of their own; the last row is for all others.
const MAX_ROWS: usize = 9;
/// Characters shown of a function's name.
const MAX_NAME: usize = 34;
/// Distances in the picture.
const LEFT: usize = 262;
const STEP: usize = 44;
const ROW: usize = 34;
const TOP: usize = 20;

/// The picture of a path with more than one step; the steps below it say the same in words.
pub(super) fn path(review: &Review, steps: &[Step], id: &str) -> String {
    let drawn: Vec<(usize, &Step)> = steps
        .iter()
        .enumerate()
        .filter(|(at, _)| steps.len() <= MAX_STEPS || *at < MAX_STEPS / 2 || *at >= steps.len() - MAX_STEPS / 2)
        .collect();
    let mut rows: Vec<(String, String)> = Vec::new();
    let row_of = |rows: &mut Vec<(String, String)>, step: &Step| {
        let function = short(&step.place.function);
        let path = review.files.get(step.place.file).path.to_string();
        let key = (function, path);
        if let Some(at) = rows.iter().position(|row| *row == key) {
            return at;
        }
        if rows.len() == MAX_ROWS - 1 {
            rows.push(("other functions".to_owned(), String::new()));
        } else if rows.len() < MAX_ROWS {
            rows.push(key);
        }
        rows.len() - 1
    };
    let places: Vec<usize> = drawn.iter().map(|(_, step)| row_of(&mut rows, step)).collect();
    let (width, height) = (LEFT + drawn.len() * STEP + 8, TOP + rows.len() * ROW + 6);
    let through: Vec<&str> = rows.iter().map(|(function, _)| function.as_str()).collect();
    let label = format!("Path of the data in {} steps through {}", steps.len(), through.join(", "));
    let mut out = format!(
        "<div class=\"picture\" tabindex=\"0\" role=\"region\" aria-label=\"Picture of the path {id}\"><svg role=\"img\" \
         aria-label=\"{}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">",
        text(&label)
    );
    for (at, (function, path)) in rows.iter().enumerate() {
        let y = TOP + at * ROW;
        let _ = write!(
            out,
            "<line class=\"row\" x1=\"{LEFT}\" y1=\"{y}\" x2=\"{width}\" y2=\"{y}\"/><text class=\"fn\" x=\"{x}\" y=\"{y}\" \
             dy=\"-1\">{}</text><text class=\"file\" x=\"{x}\" y=\"{y}\" dy=\"11\">{}</text>",
            text(function),
            text(&tail(path, 40)),
            x = LEFT - 14
        );
    }
    let center = |at: usize| (LEFT + at * STEP + STEP / 2, TOP + places[at] * ROW);
    for at in 1..drawn.len() {
        let ((x1, y1), (x2, y2)) = (center(at - 1), center(at));
        let class = if drawn[at].0 == drawn[at - 1].0 + 1 { "way" } else { "way gap" };
        let middle = usize::midpoint(x1, x2);
        let _ = write!(out, "<path class=\"{class}\" d=\"M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}\"/>");
    }
    for (at, (number, step)) in drawn.iter().enumerate() {
        let (x, y) = center(at);
        let number = number + 1;
        let kind = step.kind.id();
        let shape = match step.kind {
            StepKind::Source | StepKind::Sink => {
                format!(
                    "<rect class=\"{kind}\" x=\"{}\" y=\"{}\" width=\"24\" height=\"22\" rx=\"4\"/>",
                    x - 12,
                    y - 11
                )
            }
            _ => format!("<circle class=\"{kind}\" cx=\"{x}\" cy=\"{y}\" r=\"11\"/>"),
        };
        let _ = write!(
            out,
            "<g>{shape}<title>{}</title><text class=\"no\" x=\"{x}\" y=\"{y}\" dy=\"4\">{number}</text></g>",
            text(&format!("{number} {kind}: {}", step.message))
        );
    }
    out.push_str("</svg></div>");
    out
}

/// The end of a qualified name.
fn short(function: &str) -> String {
    let parts: Vec<&str> = function.rsplitn(3, '.').collect();
    let name = match parts.as_slice() {
        [last, before, _] => format!("{before}.{last}"),
        _ => function.to_owned(),
    };
    tail(&name, MAX_NAME)
}

fn tail(text: &str, max: usize) -> String {
    let count = text.chars().count();
    if count <= max {
        text.to_owned()
    } else {
        format!("…{}", text.chars().skip(count - max + 1).collect::<String>())
    }
}
