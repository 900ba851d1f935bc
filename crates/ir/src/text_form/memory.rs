//! The textual form of types, objects and operations on memory.

use super::parse::{Line, Parser, Read};
use super::print::{Printer, put};
use super::{ARITH, COMPARISON, name_of};
use crate::{Definition, Field, Linkage, MemoryOp, Object, Record, Type};
use std::fmt::Write;

impl Printer<'_> {
    pub(super) fn memory_tables(&mut self) {
        let module = self.module;
        for (id, ty) in module.types.iter_enumerated() {
            put!(self, "type {id}");
            self.type_text(ty);
            self.out.push('\n');
        }
        for (id, object) in module.objects.iter_enumerated() {
            put!(self, "object {id}");
            self.symbol(object.name);
            put!(self, " {}", object.ty);
            self.out.push_str(if object.linkage == Linkage::External { " external" } else { " internal" });
            match object.definition {
                Definition::Elsewhere => {}
                Definition::Variable => self.out.push_str(" variable"),
                Definition::Function(function) => put!(self, " function {function}"),
            }
            self.flag(object.constant, "constant");
            self.flag(object.noreturn, "noreturn");
            self.span(object.span);
            self.out.push('\n');
        }
    }

    fn type_text(&mut self, ty: &Type) {
        match ty {
            Type::Unknown => self.out.push_str(" unknown"),
            Type::Void => self.out.push_str(" void"),
            Type::Bool => self.out.push_str(" bool"),
            Type::Int { bits, signed } => put!(self, " int {bits} {}", if *signed { "signed" } else { "unsigned" }),
            Type::Float { bits } => put!(self, " float {bits}"),
            Type::Pointer(to) => put!(self, " pointer {to}"),
            Type::Array { element, count } => {
                put!(self, " array {element}");
                self.number(*count);
            }
            Type::Record(record) => {
                self.out.push_str(if record.union { " union" } else { " struct" });
                self.symbol(record.name);
                self.number(record.size);
                put!(self, " {}", record.align);
                self.list("[", &record.fields, "]", |this, field| {
                    this.bare_symbol(field.name);
                    put!(this, ": {}", field.ty);
                    this.number(field.offset);
                    if let Some((first, width)) = field.bits {
                        put!(this, " bits {first} {width}");
                    }
                });
            }
            Type::Function { result, params, variadic } => {
                put!(self, " function {result}");
                self.list("(", params, ")", |this, param| put!(this, "{param}"));
                self.flag(*variadic, "variadic");
            }
        }
    }

    fn number(&mut self, number: Option<u64>) {
        match number {
            Some(number) => put!(self, " {number}"),
            None => self.out.push_str(" _"),
        }
    }

    pub(super) fn memory_op(&mut self, op: &MemoryOp) {
        match op {
            MemoryOp::Local { ty, count, name } => {
                put!(self, " local {ty}");
                self.option(*count);
                self.symbol(*name);
            }
            MemoryOp::Begin(local) => put!(self, " begin {local}"),
            MemoryOp::End(local) => put!(self, " end {local}"),
            MemoryOp::Address(object) => put!(self, " address {object}"),
            MemoryOp::Load { from, ty } => put!(self, " load {from} {ty}"),
            MemoryOp::Store { to, value, ty } => put!(self, " store {to} {value} {ty}"),
            MemoryOp::Copy { to, from, ty } => put!(self, " copy {to} {from} {ty}"),
            MemoryOp::Fill { to, ty, zero } => {
                put!(self, " fill {to} {ty}");
                self.flag(*zero, "zero");
            }
            MemoryOp::Offset { base, index, element } => put!(self, " offset {base} {index} {element}"),
            MemoryOp::Member { base, record, field } => put!(self, " member {base} {record} {field}"),
            MemoryOp::Distance { left, right, element } => put!(self, " distance {left} {right} {element}"),
            MemoryOp::Arith { op, left, right, ty } => {
                put!(self, " arith {} {left} {right} {ty}", name_of(&ARITH, *op));
            }
            MemoryOp::Compare { op, left, right, ty } => {
                put!(self, " test {} {left} {right} {ty}", name_of(&COMPARISON, *op));
            }
            MemoryOp::Convert { value, from, to } => put!(self, " convert {value} {from} {to}"),
        }
    }
}

impl Parser {
    pub(super) fn type_line(&mut self, line: &mut Line<'_>) -> Read<()> {
        if line.id::<crate::TypeId>("t")? != self.module.types.next_id() {
            return Err("types come in order".to_owned());
        }
        let ty = match line.word()? {
            "unknown" => Type::Unknown,
            "void" => Type::Void,
            "bool" => Type::Bool,
            "int" => Type::Int { bits: line.number()?, signed: line.one_of(&[(true, "signed"), (false, "unsigned")])? },
            "float" => Type::Float { bits: line.number()? },
            "pointer" => Type::Pointer(line.id("t")?),
            "array" => Type::Array { element: line.id("t")?, count: number(line)? },
            kind @ ("struct" | "union") => Type::Record(Record {
                union: kind == "union",
                name: self.symbol(line)?,
                size: number(line)?,
                align: line.number()?,
                fields: line.list('[', ']', |line| {
                    let name = self.symbol(line)?;
                    line.expect(':')?;
                    let (ty, offset) = (line.id("t")?, number(line)?);
                    let bits = if line.flag("bits") { Some((line.number()?, line.number()?)) } else { None };
                    Ok(Field { name, ty, offset, bits })
                })?,
            }),
            "function" => Type::Function {
                result: line.id("t")?,
                params: line.list('(', ')', |line| line.id("t"))?,
                variadic: line.flag("variadic"),
            },
            other => return Err(format!("unknown type `{other}`")),
        };
        self.module.types.add(ty);
        Ok(())
    }

    pub(super) fn object_line(&mut self, line: &mut Line<'_>) -> Read<()> {
        if line.id::<crate::ObjectId>("o")? != self.module.objects.next_id() {
            return Err("objects come in order".to_owned());
        }
        let (name, ty) = (self.symbol(line)?, line.id("t")?);
        let linkage = line.one_of(&[(Linkage::External, "external"), (Linkage::Internal, "internal")])?;
        let definition = if line.flag("variable") {
            Definition::Variable
        } else if line.flag("function") {
            Definition::Function(line.id("f")?)
        } else {
            Definition::Elsewhere
        };
        let (constant, noreturn) = (line.flag("constant"), line.flag("noreturn"));
        let object = Object { name, ty, linkage, definition, constant, noreturn, span: line.span()? };
        self.module.objects.push(object);
        Ok(())
    }

    pub(super) fn memory_op(&mut self, word: &str, line: &mut Line<'_>) -> Read<MemoryOp> {
        Ok(match word {
            "local" => MemoryOp::Local { ty: line.id("t")?, count: line.option()?, name: self.symbol(line)? },
            "begin" => MemoryOp::Begin(line.value()?),
            "end" => MemoryOp::End(line.value()?),
            "address" => MemoryOp::Address(line.id("o")?),
            "load" => MemoryOp::Load { from: line.value()?, ty: line.id("t")? },
            "store" => MemoryOp::Store { to: line.value()?, value: line.value()?, ty: line.id("t")? },
            "copy" => MemoryOp::Copy { to: line.value()?, from: line.value()?, ty: line.id("t")? },
            "fill" => MemoryOp::Fill { to: line.value()?, ty: line.id("t")?, zero: line.flag("zero") },
            "offset" => MemoryOp::Offset { base: line.value()?, index: line.value()?, element: line.id("t")? },
            "member" => MemoryOp::Member { base: line.value()?, record: line.id("t")?, field: line.number()? },
            "distance" => MemoryOp::Distance { left: line.value()?, right: line.value()?, element: line.id("t")? },
            "arith" => MemoryOp::Arith {
                op: line.one_of(&ARITH)?,
                left: line.value()?,
                right: line.value()?,
                ty: line.id("t")?,
            },
            "test" => MemoryOp::Compare {
                op: line.one_of(&COMPARISON)?,
                left: line.value()?,
                right: line.value()?,
                ty: line.id("t")?,
            },
            "convert" => MemoryOp::Convert { value: line.value()?, from: line.id("t")?, to: line.id("t")? },
            other => return Err(format!("unknown operation `{other}`")),
        })
    }
}

/// A number, or `_`.
fn number(line: &mut Line<'_>) -> Read<Option<u64>> {
    if line.flag("_") { Ok(None) } else { line.number().map(Some) }
}
