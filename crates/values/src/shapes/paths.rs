//! Shapes of paths: what joins and normalises them.

use super::build::Builder;
use super::{Piece, Shape};
use crate::{Callee, Context};
use assay_ir::{ArgKind, Value};

/// The shapes of a value that is used as a path: like [`super::shapes`], and through `pathlib` and the functions
/// that make a path absolute or normal.
pub fn path_shapes(cx: &Context<'_>, value: Value) -> Vec<Shape> {
    Builder::new(cx, true).run(value)
}

impl Builder<'_, '_> {
    /// Joins the parts of a path: a constant absolute part drops what comes before it, a hole may.
    pub(super) fn join_path(&mut self, values: &[Value], depth: u32) -> Vec<Shape> {
        let mut parts: Vec<Vec<Shape>> = Vec::new();
        let mut origins = Vec::new();
        for (i, &value) in values.iter().enumerate() {
            let mut shapes = self.value(value, depth);
            if i > 0 {
                if shapes.iter().all(|s| matches!(s.pieces.first(), Some(Piece::Text(t)) if t.starts_with('/'))) {
                    parts.clear();
                    origins.clear();
                } else {
                    for shape in &mut shapes {
                        if let Some(Piece::Hole(hole)) = shape.pieces.first_mut() {
                            hole.component = true;
                        }
                    }
                    let ended = parts.last().is_some_and(|p: &Vec<Shape>| {
                        p.iter().all(|s| match s.pieces.last() {
                            Some(Piece::Text(t)) => t.ends_with('/'),
                            Some(Piece::Hole(_)) => false,
                            None => true,
                        })
                    });
                    if !ended && !parts.is_empty() {
                        parts.push(vec![Shape::text("/")]);
                        origins.push(None);
                    }
                }
            }
            parts.push(shapes);
            origins.push(Some(value));
        }
        self.concat(parts, &origins)
    }

    /// Calls that give a path made from their arguments.
    pub(super) fn path_call(&mut self, last: &str, callee: &Callee<'_>, depth: u32) -> Option<Vec<Shape>> {
        if !self.paths {
            return None;
        }
        let all: Option<Vec<Value>> =
            callee.args.iter().map(|a| (a.kind == ArgKind::Positional).then_some(a.value)).collect();
        match last {
            "Path" | "PurePath" | "PosixPath" | "PurePosixPath" | "WindowsPath" => {
                let all = all.filter(|a| !a.is_empty())?;
                Some(self.join_path(&all, depth))
            }
            "realpath" | "abspath" | "normpath" | "expanduser" | "expandvars" | "normcase" => {
                // Normalising does not change what a hole can do to the result.
                Some(self.value(callee.positional(0)?, depth))
            }
            _ => self.path_method(callee, depth),
        }
    }

    /// Methods of `pathlib` paths.
    pub(super) fn path_method(&mut self, callee: &Callee<'_>, depth: u32) -> Option<Vec<Shape>> {
        let receiver = callee.receiver?;
        match callee.method? {
            "joinpath" => {
                let mut all = vec![receiver];
                for arg in callee.args {
                    if arg.kind != ArgKind::Positional {
                        return None;
                    }
                    all.push(arg.value);
                }
                Some(self.join_path(&all, depth))
            }
            "resolve" | "absolute" | "expanduser" | "as_posix" | "as_uri" => Some(self.value(receiver, depth)),
            _ => None,
        }
    }
}
