# Sáng Kiến. `make run` and `make test` need nothing but Python 3.11+; they get the rest by themselves.
.DEFAULT_GOAL := help
.PHONY: help run test test-all test-postgres bench demo sure docs screenshots translations lock

PYTHON := .venv/bin/python
FLASK := $(PYTHON) -m flask --app wsgi
PYTEST := $(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder
BABEL := $(PYTHON) -m babel.messages.frontend
LOCK := .venv/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.11

help: ## liệt kê các lệnh này
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

run: ## cài những gì còn thiếu rồi chạy ứng dụng ở cổng PORT (8000)
	@exec sh deploy/run.sh

test: ## cài những gì còn thiếu rồi chạy mọi kiểm thử, trừ loại chậm
	@sh deploy/setup.sh test
	$(PYTEST) -m "not slow"

test-all: ## chạy cả các kiểm thử chậm
	@sh deploy/setup.sh test
	$(PYTEST)

test-postgres: ## chạy các kiểm thử đó trên một máy chủ PostgreSQL riêng
	@sh deploy/setup.sh test
	@sh deploy/setup.sh postgres
	sh deploy/with-postgres.sh $(PYTEST) -m "not slow"

bench: ## in tốc độ, so với trang Flask tối giản cùng số dòng
	@sh deploy/setup.sh test
	$(PYTHON) -m tests.bench

demo: ## nạp cuộc thi minh họa
	@sh deploy/setup.sh run
	$(FLASK) db upgrade
	$(FLASK) demo

sure: ## kiểm tra cách viết, chiều phụ thuộc và mọi kiểm thử trước khi gửi thay đổi
	@sh deploy/setup.sh test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/lint-imports
	$(PYTEST) -m "not slow"

docs: ## viết lại docs/workflows/ từ các khai báo quy trình
	@sh deploy/setup.sh run
	$(FLASK) workflows docs

screenshots: ## chụp lại các hình trong README
	@sh deploy/setup.sh test
	$(PYTHON) -m tests.e2e.screenshots

translations: ## gom câu chữ, cập nhật và biên dịch các bản dịch
	@sh deploy/setup.sh test
	$(BABEL) extract --mapping-file pyproject.toml --keywords N_ --keywords lazy_gettext --keywords _l \
	  --no-location --sort-output --project "Sáng Kiến" --output-file app/translations/messages.pot .
	$(BABEL) update --input-file app/translations/messages.pot --output-dir app/translations --no-fuzzy-matching
	@sh deploy/setup.sh run

lock: ## khoá lại các thư viện từ requirements*.in
	@sh deploy/setup.sh test
	$(LOCK) --upgrade requirements.in -o requirements.txt
	$(LOCK) --upgrade requirements-dev.in -c requirements.txt -o requirements-dev.txt
	echo uv | $(LOCK) --no-annotate - -o deploy/uv.txt
