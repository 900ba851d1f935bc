//! Functions, lambdas, classes and type parameters.

use super::{Code, Lowering, span, span_of};
use assay_ir::{Arg, ArgKind, Class, Const, Function, FunctionKind, Op, Param, ParamKind, Value};
use assay_text::Span;
use ruff_python_ast::{
    AnyParameterRef, ArgOrKeyword, Arguments, Decorator, Expr, ExprLambda, Parameters, StmtClassDef, StmtFunctionDef,
    StmtTypeAlias, TypeParam, TypeParams,
};
use ruff_text_size::Ranged;

/// What a `def` gives to [`Op::MakeFunction`].
struct Signature {
    params: Vec<Param>,
    defaults: Vec<(u32, Value)>,
    annotations: Vec<(u32, Value)>,
}

impl<'a> Lowering<'a> {
    pub(super) fn function_definition(&mut self, def: &'a StmtFunctionDef) {
        let decorators = self.decorators(&def.decorator_list);
        let made = match &def.type_params {
            Some(params) => self.in_scope(&**params, |this| {
                this.type_params(params);
                this.make_function(def)
            }),
            None => self.make_function(def),
        };
        let made = self.decorate(made, &decorators);
        self.store(&def.name, made, span_of(&def.name));
    }

    fn make_function(&mut self, def: &'a StmtFunctionDef) -> Value {
        let Signature { params, defaults, annotations } = self.signature(&def.parameters);
        let returns = def.returns.as_ref().map(|e| self.annotation(e));
        let (name, qualified) = (self.intern(&def.name), self.qualify(&def.name));
        let class = match self.functions[self.function].kind {
            FunctionKind::ClassBody(class) => Some(class),
            _ => None,
        };
        let parent = Some(self.function);
        let whole = Function::empty(name, qualified, FunctionKind::Named, parent, span_of(def), span_of(&def.name));
        let function = Function { class, params, is_async: def.is_async, ..whole };
        let function = self.declare(def, function, Code::Function(def));
        self.push(Op::MakeFunction { function, defaults, annotations, returns }, span_of(def))
    }

    pub(super) fn lambda(&mut self, lambda: &'a ExprLambda) -> Value {
        let signature = lambda.parameters.as_ref().map(|p| self.signature(p));
        let Signature { params, defaults, annotations } =
            signature.unwrap_or(Signature { params: Vec::new(), defaults: Vec::new(), annotations: Vec::new() });
        let (name, qualified) = (self.intern("<lambda>"), self.qualify("<lambda>"));
        let at = span_of(lambda);
        let name_span = Span::new(at.start, at.start);
        let whole = Function::empty(name, qualified, FunctionKind::Lambda, Some(self.function), at, name_span);
        let function = self.declare(lambda, Function { params, ..whole }, Code::Lambda(lambda));
        self.push(Op::MakeFunction { function, defaults, annotations, returns: None }, at)
    }

    fn signature(&mut self, parameters: &'a Parameters) -> Signature {
        let mut params = Vec::with_capacity(parameters.len());
        let (mut defaults, mut annotations) = (Vec::new(), Vec::new());
        let positional_only = parameters.posonlyargs.len();
        let positional = positional_only + parameters.args.len();
        for (i, parameter) in parameters.iter().enumerate() {
            let kind = match parameter {
                AnyParameterRef::Variadic(p) => {
                    if parameters.vararg.as_deref().is_some_and(|v| std::ptr::eq(v, p)) {
                        ParamKind::Rest
                    } else {
                        ParamKind::KeywordRest
                    }
                }
                AnyParameterRef::NonVariadic(_) if i < positional_only => ParamKind::PositionalOnly,
                AnyParameterRef::NonVariadic(_) if i < positional => ParamKind::Normal,
                AnyParameterRef::NonVariadic(_) => ParamKind::KeywordOnly,
            };
            let name = parameter.name();
            let default = parameter.default();
            params.push(Param { name: self.intern(name), kind, has_default: default.is_some(), span: span_of(name) });
            if let Some(default) = default {
                defaults.push((i as u32, self.expression(default)));
            }
            if let Some(annotation) = parameter.annotation() {
                annotations.push((i as u32, self.annotation(annotation)));
            }
        }
        Signature { params, defaults, annotations }
    }

    /// A declared type. A class that is defined further down is named in quotes (`"module.Class"`).
    pub(super) fn annotation(&mut self, annotation: &'a Expr) -> Value {
        if let Expr::StringLiteral(literal) = annotation {
            let mut parts = literal.value.to_str().split('.');
            if parts.clone().all(is_identifier)
                && let Some(first) = parts.next()
            {
                let at = span_of(literal);
                let mut value = self.load(first, at);
                for part in parts {
                    let name = self.intern(part);
                    value = self.push(Op::Attr(value, name), at);
                }
                return value;
            }
        }
        self.expression(annotation)
    }

    fn decorators(&mut self, decorators: &'a [Decorator]) -> Vec<(Value, Span)> {
        decorators.iter().map(|d| (self.expression(&d.expression), span_of(&d.expression))).collect()
    }

    /// Applies decorators, the one next to the definition first.
    fn decorate(&mut self, mut made: Value, decorators: &[(Value, Span)]) -> Value {
        for &(func, at) in decorators.iter().rev() {
            let args = vec![Arg { kind: ArgKind::Positional, value: made }];
            made = self.push(Op::Call { func, args }, at);
        }
        made
    }

    pub(super) fn class_definition(&mut self, def: &'a StmtClassDef) {
        let decorators = self.decorators(&def.decorator_list);
        let made = match &def.type_params {
            Some(params) => self.in_scope(&**params, |this| {
                this.type_params(params);
                this.make_class(def)
            }),
            None => self.make_class(def),
        };
        let made = self.decorate(made, &decorators);
        self.store(&def.name, made, span_of(&def.name));
    }

    fn make_class(&mut self, def: &'a StmtClassDef) -> Value {
        let bases = def.arguments.as_ref().map_or_else(Vec::new, |a| self.arguments(a));
        let (name, qualified) = (self.intern(&def.name), self.qualify(&def.name));
        let (at, name_span) = (span_of(def), span_of(&def.name));
        let class = self.classes.next_id();
        let kind = FunctionKind::ClassBody(class);
        let body = Function::empty(name, qualified, kind, Some(self.function), at, name_span);
        let body = self.declare(def, body, Code::Class(def));
        self.classes.push(Class { name, qualified, body, span: at, name_span });
        self.push(Op::MakeClass { class, bases }, at)
    }

    /// The arguments of a call or class, in source order.
    pub(super) fn arguments(&mut self, arguments: &'a Arguments) -> Vec<Arg> {
        let mut args = Vec::with_capacity(arguments.len());
        for argument in arguments.iter_source_order() {
            let (kind, value) = match argument {
                ArgOrKeyword::Arg(Expr::Starred(starred)) => (ArgKind::Spread, &*starred.value),
                ArgOrKeyword::Arg(value) => (ArgKind::Positional, value),
                ArgOrKeyword::Keyword(keyword) => match &keyword.arg {
                    Some(name) => (ArgKind::Keyword(self.intern(name)), &keyword.value),
                    None => (ArgKind::KeywordSpread, &keyword.value),
                },
            };
            args.push(Arg { kind, value: self.expression(value) });
        }
        args
    }

    pub(super) fn type_alias(&mut self, alias: &'a StmtTypeAlias) {
        let value = match &alias.type_params {
            Some(params) => self.in_scope(&**params, |this| {
                this.type_params(params);
                this.expression(&alias.value)
            }),
            None => self.expression(&alias.value),
        };
        self.assign(&alias.name, value);
    }

    /// Type parameters are made by calls of `typing`'s classes.
    fn type_params(&mut self, params: &'a TypeParams) {
        for param in &params.type_params {
            let (name, maker, bound, default) = match param {
                TypeParam::TypeVar(p) => (&p.name, "TypeVar", p.bound.as_deref(), p.default.as_deref()),
                TypeParam::TypeVarTuple(p) => (&p.name, "TypeVarTuple", None, p.default.as_deref()),
                TypeParam::ParamSpec(p) => (&p.name, "ParamSpec", None, p.default.as_deref()),
            };
            let at = span(param.range());
            let (module, maker, name_text) = (self.intern("typing"), self.intern(maker), self.intern(name));
            let func = self.push(Op::ImportFrom { module, level: 0, name: maker }, at);
            let value = self.constant(Const::Str(name_text), span_of(name));
            let mut args = vec![Arg { kind: ArgKind::Positional, value }];
            for (keyword, value) in [("bound", bound), ("default", default)] {
                if let Some(value) = value {
                    let kind = ArgKind::Keyword(self.intern(keyword));
                    args.push(Arg { kind, value: self.expression(value) });
                }
            }
            let value = self.push(Op::Call { func, args }, at);
            self.store(name, value, span_of(name));
        }
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !matches!(text, "None" | "True" | "False")
}
