"""Figures of the pages: Lighthouse, accessibility, valid HTML, links, weights."""
