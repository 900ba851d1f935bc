"""Django REST framework: requests, views and view sets, function views, and serializers."""

import rest_framework.authentication
import rest_framework.decorators
import rest_framework.generics
import rest_framework.permissions
import rest_framework.request
import rest_framework.response
import rest_framework.serializers
import rest_framework.views
import rest_framework.viewsets

from flask import request


def untrusted():
    return request.args["data"]


class OwnAPIView(rest_framework.views.APIView):
    def get(self, first):
        first


class OwnGenericAPIView(rest_framework.generics.GenericAPIView):
    def get(self, first):
        first


class OwnViewSet(rest_framework.viewsets.ViewSet):
    def list(self, first):
        first


class OwnBasePermission(rest_framework.permissions.BasePermission):
    def has_permission(self, first):
        first


class OwnBaseAuthentication(rest_framework.authentication.BaseAuthentication):
    def authenticate(self, first):
        first


class OwnGenericAPIView2(rest_framework.generics.GenericAPIView):
    def perform_create(self, first):
        first


class OwnGenericViewSet(rest_framework.viewsets.GenericViewSet):
    def perform_create(self, first):
        first


class OwnAPIView2(rest_framework.views.APIView):
    def get(self, first, second):
        eval(second)  # expect: code-injection


class OwnGenericAPIView3(rest_framework.generics.GenericAPIView):
    def get(self, first, second):
        eval(second)  # expect: code-injection


class OwnViewSet2(rest_framework.viewsets.ViewSet):
    def list(self, first, second):
        eval(second)  # expect: code-injection


class OwnSerializer(rest_framework.serializers.Serializer):
    def validate(self, first):
        eval(first)  # expect: code-injection


class OwnSerializer2(rest_framework.serializers.Serializer):
    def update(self, first, second):
        eval(second)  # expect: code-injection


class OwnAPIView3(rest_framework.views.APIView):
    def get(self):
        return ""


class OwnGenericAPIView4(rest_framework.generics.GenericAPIView):
    def get(self):
        return ""


class OwnViewSet3(rest_framework.viewsets.ViewSet):
    def list(self):
        return ""


class OwnSerializer3(rest_framework.serializers.Serializer):
    def validate(self):
        return ""


class OwnBasePermission2(rest_framework.permissions.BasePermission):
    def has_permission(self):
        return ""


class OwnBaseAuthentication2(rest_framework.authentication.BaseAuthentication):
    def authenticate(self):
        return ""


def classes():
    return [
        rest_framework.request.Request,
        rest_framework.views.APIView,
        rest_framework.generics.GenericAPIView,
        rest_framework.viewsets.ViewSet,
        rest_framework.serializers.BaseSerializer,
        rest_framework.response.Response,
    ]


def types_of_apiview(apiview: rest_framework.views.APIView):
    apiview.request
    apiview.get_serializer()


def types_of_rest_framework_decorators():
    @rest_framework.decorators.api_view()
    def on_api_view(first):
        first


def types_of_request(request: rest_framework.request.Request):
    request.query_params


def sources_of_request(request: rest_framework.request.Request):
    eval(request.data)  # expect: code-injection


def sources_of_apiview(apiview: rest_framework.views.APIView):
    eval(apiview.kwargs)  # expect: code-injection


def sources_of_rest_framework_decorators():
    @rest_framework.decorators.api_view()
    def on_api_view_2(first, second):
        eval(second)  # expect: code-injection


def sources_of_base_serializer(base_serializer: rest_framework.serializers.BaseSerializer):
    eval(base_serializer.validated_data)  # expect: code-injection


def entries_of_rest_framework_decorators():
    @rest_framework.decorators.api_view()
    def on_api_view_3():
        return ""


def decorator_of_rest_framework_decorators():
    @rest_framework.decorators.api_view()
    def kept_by_api_view(text):
        eval(text)  # expect: code-injection

    kept_by_api_view(untrusted())


def neutral_of_rest_framework_response():
    rest_framework.response.Response(untrusted())


def neutral_of_base_serializer(base_serializer: rest_framework.serializers.BaseSerializer):
    eval(base_serializer.is_valid(untrusted()))


def neutral_of_apiview(apiview: rest_framework.views.APIView):
    eval(apiview.check_permissions(untrusted()))
