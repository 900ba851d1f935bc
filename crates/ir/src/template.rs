//! The names by which lowered templates say what the whole program has to find.
//!
//! All stand below one module that no program can have, as paths of library functions, so that models
//! describe them like any other.

/// Gives the template of a name: a module.
pub const LOAD: &str = "__template__.load";
/// Gives, for the name of a template and the names of blocks, what that template and those that it extends
/// render, less these blocks.
pub const INHERIT: &str = "__template__.inherit";
/// Gives, for the name of a template and that of a block, the block that is overridden.
pub const SUPER: &str = "__template__.super";
/// Puts a value into the document that is escaped by itself, where that suffices.
pub const ESCAPED: &str = "__template__.escaped";
/// Puts a value into the document; a word says what is wrong with its place.
pub const OUTPUT: &str = "__template__.output.";
/// Filters, below the name of each.
pub const FILTERS: &str = "__template__.filters.";
/// Tags of the project's or other libraries.
pub const TAGS: &str = "__template__.tags.";
/// Functions that are there in every template.
pub const GLOBALS: &str = "__template__.globals.";

/// The name of the function that renders a template.
pub const RENDER: &str = "render";
/// The name of the function that runs what stands outside of blocks.
pub const FRAME: &str = "frame";
/// What the names of blocks' functions begin with.
pub const BLOCK: &str = "block ";
/// What the names of functions begin with that escape nothing by themselves.
pub const RAW: &str = "raw ";

/// What stands between the file and the place in the name of a template that a program holds as text.
const INLINE: &str = "#template-";

/// The name of the template whose text stands in a module at this place.
pub fn inline_name(module: &str, start: u32) -> String {
    format!("{module}{INLINE}{start}")
}

/// The module that holds the text of the template of this name.
pub fn holder(name: &str) -> Option<&str> {
    name.split_once(INLINE).map(|(module, _)| module)
}

/// Whether a name is that of a template that a program holds as text.
pub fn is_inline(name: &str) -> bool {
    name.contains(INLINE)
}
