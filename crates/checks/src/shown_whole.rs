//! Secrets in what is shown whole: the attributes of an object, the options of a command line, the query of an address.

use crate::code::Code;
use crate::names::{Strength, secret_name};
use assay_ir::{BinaryOp, Const, Op, Piece, Value};
use assay_resolve::{ClsId, FuncId, Object};

/// Functions that give all attributes of an object.
const ALL_ATTRIBUTES: [&str; 4] = ["vars", "dataclasses.asdict", "attr.asdict", "attrs.asdict"];
/// Methods that declare an option of a command line.
const DECLARES: [&str; 2] = ["add_argument", "add_option"];

/// The name of a secret that stands in an object, or in an address, that a value shows whole.
pub(crate) fn secret_within(code: &Code<'_>, f: FuncId, value: Value) -> Option<String> {
    match code.op(f, value) {
        Op::Attr(base, name) if code.text(*name) == "__dict__" => in_object(code, f, *base),
        Op::Call { args, .. } if ALL_ATTRIBUTES.contains(&code.callee(f, value).as_str()) => {
            in_object(code, f, args.first()?.value)
        }
        Op::Format(pieces) => pieces.windows(2).find_map(|pair| match pair {
            [Piece::Text(text), Piece::Hole { value, .. }] => in_query(code, f, code.text(*text), *value),
            _ => None,
        }),
        Op::Binary(BinaryOp::Mod, text, filled) => {
            let text = code.literal(f, *text)?;
            let values: Vec<Value> = match code.op(f, code.plain(f, *filled)) {
                Op::Collection(_, elements) => elements.iter().map(|e| e.value).collect(),
                Op::Dict(_) => return None,
                _ => vec![*filled],
            };
            text.split("%s").zip(values).find_map(|(before, value)| in_query(code, f, before, value))
        }
        Op::Binary(BinaryOp::Add, text, value) => in_query(code, f, last_text(code, f, *text)?, *value),
        _ if is_command_line(code, f, value) => secret_option(code, f),
        _ => None,
    }
}

/// The literal text that a sum ends with.
fn last_text<'a>(code: &Code<'a>, f: FuncId, value: Value) -> Option<&'a str> {
    match code.op(f, code.plain(f, value)) {
        Op::Binary(BinaryOp::Add, _, end) => code.literal(f, *end),
        _ => code.literal(f, value),
    }
}

/// The secret that a value is by the name that an address has for it: `…?token=`.
fn in_query(code: &Code<'_>, f: FuncId, before: &str, value: Value) -> Option<String> {
    let (_, name) = before.strip_suffix('=')?.rsplit_once(['?', '&'])?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    let constant = matches!(code.op(f, code.plain(f, value)), Op::Const(_)) || code.string(f, value).is_some();
    (is_name && !constant && secret_name(name).is_some()).then(|| name.to_owned())
}

fn in_object(code: &Code<'_>, f: FuncId, object: Value) -> Option<String> {
    if is_command_line(code, f, object) {
        return secret_option(code, f);
    }
    code.objects(f, object).into_iter().find_map(|object| match object {
        Object::Instance(class) | Object::SelfOf(class) => secret_attribute(code, class),
        _ => None,
    })
}

fn is_surely_secret(name: &str) -> bool {
    matches!(secret_name(name), Some(Strength::Password | Strength::Key))
}

/// An attribute of a class's instances that is a secret by its name.
fn secret_attribute(code: &Code<'_>, class: ClsId) -> Option<String> {
    let program = &code.res.program;
    code.res.hierarchy.order(class).iter().find_map(|class| {
        let info = &program.classes[*class];
        let functions = &program.modules[info.module].ir.functions;
        functions.iter().filter(|g| g.class == Some(info.local)).find_map(|method| {
            method.insts.iter().find_map(|inst| match &inst.op {
                Op::StoreAttr { base, name, value }
                    if matches!(method.op(*base), Op::Param(0)) && !matches!(method.op(*value), Op::Const(_)) =>
                {
                    is_surely_secret(code.text(*name)).then(|| code.text(*name).to_owned())
                }
                _ => None,
            })
        })
    })
}

/// Whether a value is what a command line says.
fn is_command_line(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    code.res.apis_of(f, value).any(|api| {
        let models = code.res.models();
        code.res.apis.nodes(api).iter().any(|node| models.type_name(*node) == Some("argparse.Namespace"))
    })
}

/// An option that the module of a function declares and that is a secret by its name.
fn secret_option(code: &Code<'_>, f: FuncId) -> Option<String> {
    let module = code.res.program.module_of(f);
    module.ir.functions.iter().find_map(|function| {
        function.insts.iter().find_map(|inst| {
            let Op::Call { func, args } = &inst.op else { return None };
            let Op::Attr(_, name) = function.op(*func) else { return None };
            if !DECLARES.contains(&code.text(*name)) {
                return None;
            }
            args.iter().find_map(|arg| match function.op(arg.value) {
                Op::Const(Const::Str(text)) => {
                    let option = code.text(*text).strip_prefix("--")?.replace('-', "_");
                    is_surely_secret(&option).then_some(option)
                }
                _ => None,
            })
        })
    })
}
