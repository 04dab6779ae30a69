"""Every page of the house, in the order people meet them."""

from flask import Blueprint

from crm.home import pages as home
from crm.search import pages as search

PAGES: tuple[Blueprint, ...] = (home.pages, home.staff, home.health, search.pages)
