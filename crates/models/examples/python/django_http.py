"""Django: requests, views, URL configuration, middleware, responses, redirects and forms."""

import django.contrib.auth.views
import logging
import django.conf
import django.conf.urls
import django.contrib.admin
import django.contrib.admin.views.decorators
import django.contrib.auth
import django.contrib.auth.decorators
import django.core.files.uploadedfile
import django.core.handlers.asgi
import django.core.handlers.wsgi
import django.core.management
import django.core.management.base
import django.core.urlresolvers
import django.db.transaction
import django.dispatch
import django.forms
import django.forms.forms
import django.forms.models
import django.http
import django.http.request
import django.http.response
import django.shortcuts
import django.template.defaultfilters
import django.urls
import django.utils.datastructures
import django.utils.decorators
import django.utils.deprecation
import django.utils.http
import django.views
import django.views.decorators.cache
import django.views.decorators.clickjacking
import django.views.decorators.csrf
import django.views.decorators.debug
import django.views.decorators.http
import django.views.decorators.vary
import django.views.generic
import django.views.generic.base
import django.views.generic.detail
import django.views.generic.edit
import django.views.generic.list
import django.views.static
import flask
import os
import requests
import zipfile

from flask import request


def untrusted():
    return request.args["data"]


class OwnView(django.views.View):
    def get(self, first):
        first


class OwnView2(django.views.generic.View):
    def get(self, first):
        first


class OwnView3(django.views.generic.base.View):
    def get(self, first):
        first


class OwnCreateView(django.views.generic.CreateView):
    def form_valid(self, first):
        first


class OwnFormView(django.views.generic.edit.FormView):
    def form_valid(self, first):
        first


class OwnMiddlewareMixin(django.utils.deprecation.MiddlewareMixin):
    def process_request(self, first):
        first


class OwnMiddlewareMixin2(django.utils.deprecation.MiddlewareMixin):
    def process_response(self, first, second):
        second


class OwnView4(django.views.View):
    def get(self, first, second):
        eval(second)  # expect: code-injection


class OwnView5(django.views.generic.View):
    def get(self, first, second):
        eval(second)  # expect: code-injection


class OwnView6(django.views.generic.base.View):
    def get(self, first, second):
        eval(second)  # expect: code-injection


class OwnView7(django.views.View):
    def get(self):
        return ""


class OwnView8(django.views.generic.View):
    def get(self):
        return ""


class OwnView9(django.views.generic.base.View):
    def get(self):
        return ""


class OwnMiddlewareMixin3(django.utils.deprecation.MiddlewareMixin):
    def process_request(self):
        return ""


class OwnBaseCommand(django.core.management.base.BaseCommand):
    def handle(self):
        return ""


class OwnBaseCommand2(django.core.management.BaseCommand):
    def handle(self):
        return ""


class OwnRedirectView(django.views.generic.RedirectView):
    def get_redirect_url(self):
        return untrusted()  # expect: open-redirect


class OwnRedirectView2(django.views.generic.base.RedirectView):
    def get_redirect_url(self):
        return untrusted()  # expect: open-redirect


class OwnFormView2(django.views.generic.FormView):
    def get_success_url(self):
        return untrusted()  # expect: open-redirect


class OwnFormView3(django.views.generic.edit.FormView):
    def get_success_url(self):
        return untrusted()  # expect: open-redirect


def classes():
    return [
        django.http.HttpRequest,
        django.http.request.HttpRequest,
        django.core.handlers.wsgi.WSGIRequest,
        django.core.handlers.asgi.ASGIRequest,
        django.http.QueryDict,
        django.utils.datastructures.MultiValueDict,
        django.core.files.uploadedfile.UploadedFile,
        django.http.HttpResponse,
        django.http.response.HttpResponseBase,
        django.views.View,
        django.views.generic.View,
        django.views.generic.base.View,
        django.views.generic.edit.FormView,
        django.forms.Form,
        django.forms.forms.Form,
        django.forms.models.ModelForm,
        django.conf.LazySettings,
    ]


def types_of_http_request(http_request: django.http.HttpRequest):
    http_request.path
    http_request.headers
    http_request.body
    http_request.COOKIES
    http_request.get_full_path()
    http_request.META
    http_request.GET
    http_request.FILES
    http_request.FILES[0]
    http_request.FILES.get("/")
    http_request.FILES.getlist()[0]


def types_of_base_form(base_form: django.forms.Form):
    base_form.cleaned_data


def types_of_django_urls():
    django.urls.reverse()


def types_of_django_conf():
    django.conf.settings


def types_of_view(view: django.views.View):
    view.request
    view.get_form()


def types_of_django_urls_2():
    def on_path(first):
        first

    django.urls.path(None, on_path)


def types_of_django_conf_urls():
    def on_url(first):
        first

    django.conf.urls.url(None, on_url)


def types_of_django_views_decorators_http():
    @django.views.decorators.http.require_GET
    def on_require_GET(first):
        first


def types_of_django_views_decorators_http_2():
    @django.views.decorators.http.require_http_methods()
    def on_require_http_methods(first):
        first


def types_of_django_views_decorators_csrf():
    @django.views.decorators.csrf.csrf_exempt
    def on_csrf_exempt(first):
        first


def types_of_django_contrib_auth_decorators():
    @django.contrib.auth.decorators.login_required
    def on_login_required(first):
        first


def types_of_django_contrib_auth_decorators_2():
    @django.contrib.auth.decorators.login_required()
    def on_login_required_2(first):
        first


def types_of_django_shortcuts():
    django.shortcuts.render()


def sources_of_http_request(http_request: django.http.HttpRequest):
    eval(http_request.GET)  # expect: code-injection
    eval(http_request.get_full_path())  # expect: code-injection


def sources_of_uploaded_file(uploaded_file: django.core.files.uploadedfile.UploadedFile):
    eval(uploaded_file.name)  # expect: code-injection
    eval(uploaded_file.read())  # expect: code-injection


def sources_of_view(view: django.views.View):
    eval(view.kwargs)  # expect: code-injection


def sources_of_django_urls():
    def on_path_2(first, second):
        eval(second)  # expect: code-injection

    django.urls.path(None, on_path_2)


def sources_of_django_conf_urls():
    def on_url_2(first, second):
        eval(second)  # expect: code-injection

    django.conf.urls.url(None, on_url_2)


def sources_of_base_form(base_form: django.forms.Form):
    eval(base_form.cleaned_data)  # expect: code-injection
    eval(base_form.clean())  # expect: code-injection


def entries_of_django_urls():
    def on_path_3():
        return ""

    django.urls.path(None, on_path_3)


def entries_of_django_conf_urls():
    def on_url_3():
        return ""

    django.conf.urls.url(None, on_url_3)


def entries_of_django_dispatch():
    @django.dispatch.receiver()
    def on_receiver():
        return ""


def entries_of_django_dispatch_2():
    @django.dispatch.Signal().connect
    def on_connect():
        return ""


def decorator_of_django_contrib_auth_decorators():
    @django.contrib.auth.decorators.login_required
    def kept_by_login_required(text):
        eval(text)  # expect: code-injection

    kept_by_login_required(untrusted())


def decorator_of_django_contrib_auth_decorators_2():
    @django.contrib.auth.decorators.login_required()
    def kept_by_login_required_2(text):
        eval(text)  # expect: code-injection

    kept_by_login_required_2(untrusted())


def decorator_of_django_contrib_admin_views_decorators():
    @django.contrib.admin.views.decorators.staff_member_required
    def kept_by_staff_member_required(text):
        eval(text)  # expect: code-injection

    kept_by_staff_member_required(untrusted())


def decorator_of_django_contrib_admin_views_decorators_2():
    @django.contrib.admin.views.decorators.staff_member_required()
    def kept_by_staff_member_required_2(text):
        eval(text)  # expect: code-injection

    kept_by_staff_member_required_2(untrusted())


def decorator_of_django_contrib_admin():
    @django.contrib.admin.register()
    def kept_by_register(text):
        eval(text)  # expect: code-injection

    kept_by_register(untrusted())


def decorator_of_django_views_decorators_csrf():
    @django.views.decorators.csrf.csrf_exempt
    def kept_by_csrf_exempt(text):
        eval(text)  # expect: code-injection

    kept_by_csrf_exempt(untrusted())


def decorator_of_django_views_decorators_http():
    @django.views.decorators.http.require_GET
    def kept_by_require_GET(text):
        eval(text)  # expect: code-injection

    kept_by_require_GET(untrusted())


def decorator_of_django_views_decorators_http_2():
    @django.views.decorators.http.require_http_methods()
    def kept_by_require_http_methods(text):
        eval(text)  # expect: code-injection

    kept_by_require_http_methods(untrusted())


def decorator_of_django_views_decorators_cache():
    @django.views.decorators.cache.never_cache
    def kept_by_never_cache(text):
        eval(text)  # expect: code-injection

    kept_by_never_cache(untrusted())


def decorator_of_django_views_decorators_cache_2():
    @django.views.decorators.cache.cache_page()
    def kept_by_cache_page(text):
        eval(text)  # expect: code-injection

    kept_by_cache_page(untrusted())


def decorator_of_django_views_decorators_clickjacking():
    @django.views.decorators.clickjacking.xframe_options_deny
    def kept_by_xframe_options_deny(text):
        eval(text)  # expect: code-injection

    kept_by_xframe_options_deny(untrusted())


def decorator_of_django_views_decorators_vary():
    @django.views.decorators.vary.vary_on_headers()
    def kept_by_vary_on_headers(text):
        eval(text)  # expect: code-injection

    kept_by_vary_on_headers(untrusted())


def decorator_of_django_views_decorators_vary_2():
    @django.views.decorators.vary.vary_on_cookie
    def kept_by_vary_on_cookie(text):
        eval(text)  # expect: code-injection

    kept_by_vary_on_cookie(untrusted())


def decorator_of_django_views_decorators_debug():
    @django.views.decorators.debug.sensitive_variables()
    def kept_by_sensitive_variables(text):
        eval(text)  # expect: code-injection

    kept_by_sensitive_variables(untrusted())


def decorator_of_django_utils_decorators():
    @django.utils.decorators.method_decorator()
    def kept_by_method_decorator(text):
        eval(text)  # expect: code-injection

    kept_by_method_decorator(untrusted())


def decorator_of_django_dispatch():
    @django.dispatch.receiver()
    def kept_by_receiver(text):
        eval(text)  # expect: code-injection

    kept_by_receiver(untrusted())


def decorator_of_django_db_transaction():
    @django.db.transaction.atomic
    def kept_by_atomic(text):
        eval(text)  # expect: code-injection

    kept_by_atomic(untrusted())


def decorator_of_django_db_transaction_2():
    @django.db.transaction.atomic()
    def kept_by_atomic_2(text):
        eval(text)  # expect: code-injection

    kept_by_atomic_2(untrusted())


def decorator_of_django_template_defaultfilters():
    @django.template.defaultfilters.stringfilter
    def kept_by_stringfilter(text):
        eval(text)  # expect: code-injection

    kept_by_stringfilter(untrusted())


def sinks_of_django_http():
    django.http.HttpResponse(untrusted())  # expect: cross-site-scripting
    django.http.HttpResponse(untrusted(), "text/html")  # expect: cross-site-scripting
    django.http.HttpResponse(untrusted(), mimetype="text/html")  # expect: cross-site-scripting
    django.http.StreamingHttpResponse(untrusted(), content_type="text/html")  # expect: cross-site-scripting
    django.http.StreamingHttpResponse(untrusted())  # expect: cross-site-scripting
    django.http.HttpResponseRedirect(untrusted())  # expect: open-redirect


def sinks_of_django_http_response():
    django.http.response.HttpResponse(untrusted())  # expect: cross-site-scripting
    django.http.response.HttpResponseRedirect(untrusted())  # expect: open-redirect


def sinks_of_django_shortcuts():
    django.shortcuts.redirect(untrusted())  # expect: open-redirect


def sinks_of_http_response(http_response: django.http.HttpResponse):
    http_response["Location"] = untrusted()  # expect: open-redirect


def sinks_of_django_views_static():
    django.views.static.serve(document_root=untrusted())  # expect: path-traversal


def flows_of_multi_value_dict(multi_value_dict: django.utils.datastructures.MultiValueDict):
    eval(django.utils.datastructures.MultiValueDict(untrusted()).get())  # expect: code-injection
    eval(multi_value_dict.get(None, untrusted()))  # expect: code-injection


def flows_of_query_dict():
    eval(django.http.QueryDict(untrusted()).urlencode())  # expect: code-injection


def flows_of_django_http():
    eval(django.http.QueryDict(untrusted()))  # expect: code-injection


def flows_of_django_shortcuts():
    eval(django.shortcuts.resolve_url(untrusted()))  # expect: code-injection


def flows_of_django_urls():
    eval(django.urls.reverse(args=untrusted()))  # expect: code-injection
    eval(django.urls.reverse(kwargs=untrusted()))  # expect: code-injection


def barriers_of_django_urls():
    flask.redirect(django.urls.reverse(untrusted()))
    requests.get(django.urls.reverse(untrusted()))


def barriers_of_django_core_urlresolvers():
    flask.redirect(django.core.urlresolvers.reverse(untrusted()))


def barriers_of_django_utils_http():
    flask.redirect(django.utils.http.escape_leading_slashes(untrusted()))


def barriers_of_uploaded_file(uploaded_file: django.core.files.uploadedfile.UploadedFile):
    open(uploaded_file.name)


def barriers_of_django_shortcuts():
    flask.make_response(django.shortcuts.render(untrusted()))


def guard_of_django_utils_http():
    value = untrusted()
    if django.utils.http.url_has_allowed_host_and_scheme(value):
        flask.redirect(value)


def guard_of_django_utils_http_2():
    value = untrusted()
    if django.utils.http.is_safe_url(value):
        flask.redirect(value)


def neutral_of_django_urls():
    eval(django.urls.path(untrusted()))


def neutral_of_django_http():
    django.http.JsonResponse(untrusted())


def neutral_of_http_response(http_response: django.http.HttpResponse):
    eval(http_response.set_cookie(untrusted()))


def neutral_of_http_request(http_request: django.http.HttpRequest):
    eval(http_request.get_host(untrusted()))


def neutral_of_base_form(base_form: django.forms.Form):
    eval(base_form.is_valid(untrusted()))


def neutral_of_django_contrib_auth():
    eval(django.contrib.auth.authenticate(untrusted()))


@django.views.decorators.csrf.csrf_exempt
def exempted(request):
    return None


@django.views.decorators.clickjacking.xframe_options_exempt
def framed(request):
    return None


class Exempted:
    dispatch = django.utils.decorators.method_decorator(django.views.decorators.csrf.csrf_exempt)
    frame = django.utils.decorators.method_decorator(django.views.decorators.clickjacking.xframe_options_exempt)


class Settings:
    INSTALLED_APPS = ["corsheaders"]
    ROOT_URLCONF = "shop.urls"
    DEBUG = True
    TEMPLATE_DEBUG = True
    SESSION_COOKIE_HTTPONLY = False
    SESSION_COOKIE_SECURE = False
    SESSION_COOKIE_SAMESITE = "None"
    CSRF_COOKIE_SECURE = False
    ALLOWED_HOSTS = ["*"]
    USE_X_FORWARDED_HOST = True
    X_FRAME_OPTIONS = "ALLOWALL"
    CORS_ALLOW_CREDENTIALS = True
    CORS_ALLOW_ALL_ORIGINS = True


def headers_of_request_are_secret(request: django.http.HttpRequest):
    token = request.headers["Authorization"], request.META["HTTP_AUTHORIZATION"]
    logging.info("tokens: %d", len(token))
    logging.info("%s", request.headers)  # expect: secret-in-log


def host_of_request_is_the_service(request: django.http.HttpRequest):
    django.shortcuts.redirect(request.build_absolute_uri())
    django.shortcuts.redirect(request.META["HTTP_HOST"])


def more_classes():
    return [
        django.core.files.uploadedfile.UploadedFile,
    ]


class Listed(django.views.generic.list.ListView):
    def get(self, request, *args, **kwargs):
        os.system(request.GET["command"])  # expect: command-injection


class Detailed(django.views.generic.detail.DetailView):
    def get(self, request, name):
        os.system(name)  # expect: command-injection


class Based(django.views.generic.base.View):
    def post(self, request):
        os.system(request.POST["command"])  # expect: command-injection
        return django.http.JsonResponse({"name": request.POST["name"]})


class Uploaded(django.views.generic.base.View):
    def put(self, request):
        zipfile.ZipFile(request.FILES["archive"])


done = django.dispatch.Signal()


@django.dispatch.receiver(done)
def on_done(sender, **options):
    os.system(options["what"])  # expect: command-injection


def on_done_too(sender, what, **options):
    os.system(what)  # expect: command-injection


done.connect(on_done_too)


def finished(request: django.http.HttpRequest):
    done.send(sender=None, what=request.GET["what"])


class Traced:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        os.system("trace " + request.GET["name"])  # expect: command-injection
        return self.get_response(request)

    def process_exception(self, request, exception):
        os.system("trace " + request.META["HTTP_REFERER"])  # expect: command-injection


@django.utils.decorators.sync_only_middleware
def traced(get_response):
    def middleware(request):
        os.system("trace " + request.POST["name"])  # expect: command-injection
        return get_response(request)

    return middleware


class Chosen(django.forms.Form):
    name = django.forms.CharField()
    count = django.forms.IntegerField()
    word = django.forms.CharField()

    def clean_word(self):
        word = self.cleaned_data["word"]
        if not word.isalnum():
            raise django.forms.ValidationError("not a word")
        return word


class Choosing(django.views.generic.FormView):
    form_class = Chosen

    def form_valid(self, form):
        os.system("choose " + form.cleaned_data["name"])  # expect: command-injection
        os.system("choose %s" % form.cleaned_data["count"])
        os.system("choose " + form.cleaned_data["word"])
        os.system("choose " + form.cleaned_data.get("word"))

    def get(self, request):
        os.system("choose %s" % self.get_form().cleaned_data["count"])


class ChoosingToo(django.views.generic.edit.FormView):
    form_class = Chosen

    def form_valid(self, form):
        os.system("choose %s" % form.cleaned_data["count"])


class Rows(django.views.generic.ListView):
    def get_queryset(self):
        self.queryset.raw("SELECT " + self.request.GET["column"])  # expect: sql-injection
        return super().get_queryset().extra(where=["a = " + self.request.GET["where"]])  # expect: sql-injection


def unlisted_header(request: django.http.HttpRequest):
    os.system(request.META["HTTP_X_UNLISTED"])  # expect: command-injection
    os.system(request.META["SERVER_SOFTWARE"])


class Entering(django.contrib.auth.views.LoginView):
    def get_success_url(self):
        return self.request.POST["next"]  # expect: open-redirect


class Explained(django.views.generic.TemplateView):
    def get_context_data(self):
        context = super().get_context_data()
        context.update({"code": self.request.GET["code"]})
        eval(context["code"])  # expect: code-injection
        return context


def streamed_list(request):
    django.http.StreamingHttpResponse(["<b>", untrusted()])  # expect: cross-site-scripting
    django.http.StreamingHttpResponse(["<b>", untrusted()], content_type="text/html")  # expect: cross-site-scripting
