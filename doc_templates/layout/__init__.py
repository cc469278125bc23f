"""Builds every `template.docx` by code, so that all papers share one layout.

Run `python -m doc_templates.layout` after a change here. The layout is that of Nghị định 30/2020/NĐ-CP,
Phụ lục I: page, two-column head, rules, kinds of paragraphs, signature block, Nơi nhận, page number, annex.
The words that stand in every copy of a paper are here; whatever names an organisation, a person, a place or a
year comes from the data.
"""
