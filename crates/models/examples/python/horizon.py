"""Horizon, OpenStack's dashboard: its forms are Django forms, and its tables hand request data to actions."""

import horizon


def classes():
    horizon.forms.SelfHandlingForm
    horizon.workflows.Action
