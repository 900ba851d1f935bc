"""Checks of access: decorators, base classes, dependencies, calls, answers that turn a request away, and rules."""

import aiohttp.web
import aiohttp_security
import django.contrib.auth.decorators
import django.contrib.auth.mixins
import django.contrib.auth.views
import django.contrib.admin.views.decorators
import django.core.exceptions
import django.http
import django.http.response
import django.views.decorators.csrf
import django.views.decorators.http
import fastapi.security
import flask_appbuilder
import flask_appbuilder.security.decorators
import flask_httpauth
import flask_jwt_extended
import flask_login
import flask_principal
import flask_security
import oslo_policy.policy
import pyramid.httpexceptions
import rest_framework.decorators
import rest_framework.exceptions
import rest_framework.permissions
import starlette.authentication
import tornado.web
import webob.exc
import werkzeug.exceptions


def own_view(request):
    return None


django.contrib.auth.decorators.login_required(own_view)
django.contrib.auth.decorators.permission_required("shop.change_order")(own_view)
django.contrib.admin.views.decorators.staff_member_required(own_view)
django.views.decorators.http.require_POST(own_view)
django.views.decorators.csrf.csrf_protect(own_view)
rest_framework.decorators.permission_classes([rest_framework.permissions.IsAdminUser])(own_view)
flask_login.login_required(own_view)
flask_security.auth_required()(own_view)
flask_security.roles_required("admin")(own_view)
flask_jwt_extended.jwt_required()(own_view)
flask_httpauth.HTTPBasicAuth().login_required(own_view)
flask_principal.Permission("admin").require(403)(own_view)
flask_appbuilder.has_access(own_view)
flask_appbuilder.security.decorators.protect()(own_view)
starlette.authentication.requires("admin")(own_view)
tornado.web.authenticated(own_view)


class OwnLoginRequired(django.contrib.auth.mixins.LoginRequiredMixin):
    pass


class OwnPermissionRequired(django.contrib.auth.mixins.PermissionRequiredMixin):
    pass


PERMISSIONS = [
    rest_framework.permissions.IsAuthenticated,
    rest_framework.permissions.AllowAny,
    fastapi.security.OAuth2PasswordBearer,
]

DENIALS = [
    django.core.exceptions.PermissionDenied,
    django.http.HttpResponseForbidden,
    django.http.response.HttpResponseForbidden,
    django.contrib.auth.views.redirect_to_login,
    rest_framework.exceptions.PermissionDenied,
    aiohttp.web.HTTPForbidden,
    werkzeug.exceptions.Forbidden,
    webob.exc.HTTPForbidden,
    pyramid.httpexceptions.HTTPForbidden,
    oslo_policy.policy.PolicyNotAuthorized,
]

oslo_policy.policy.Enforcer(None).enforce("order:get", {}, {})
oslo_policy.policy.RuleDefault("order:get", "role:reader")


async def own_handler(request):
    await aiohttp_security.check_authorized(request)
    await aiohttp_security.check_permission(request, "admin")


basic = flask_httpauth.HTTPBasicAuth()


@basic.verify_password
def verify(user, password):
    eval(user)  # expect: code-injection
