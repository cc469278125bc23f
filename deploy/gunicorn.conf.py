"""Settings of the web server, the same on one PC and on a server.

Taken from the environment: PORT, LISTEN (the address to listen on), WEB_CONCURRENCY (processes), WEB_THREADS,
ACCESS_LOG (a file, or `-` for standard output).
"""

import os

wsgi_app = "wsgi:app"
bind = f"{os.environ.get('LISTEN', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))

# A heartbeat file on a disk that is full or slow would kill healthy workers.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 5000
max_requests_jitter = 500

# Whom to believe about the client's address and scheme is decided once, by FLASK_TRUSTED_PROXIES.
forwarded_allow_ips = ""
control_socket_disable = True
umask = 0o077

accesslog = os.environ.get("ACCESS_LOG")
errorlog = "-"
