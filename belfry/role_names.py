"""The roles' names, for whoever starts them without being one."""

from typing import Literal, get_args

RoleName = Literal["enrich", "group", "index", "match", "notify"]
ROLES: tuple[RoleName, ...] = get_args(RoleName)
