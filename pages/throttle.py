"""How often one officer, or one address nobody has signed in from, may ask."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from pages.web import client_address

WINDOW = 60


def seconds_to_wait(request: HttpRequest, *, is_open: bool = False) -> int:
    """0 while the client is within its requests of this minute, else the seconds until the next minute begins.

    Counted in each process by itself, so that it needs no server and can't fail: with several processes a client gets
    up to as many times more. It stops a runaway script and guessing, not an attack on the line: that is the proxy's.
    """
    # An open address must not open the session of who asks: there everybody is a stranger.
    if not is_open and request.user.is_authenticated:
        who, most = f"officer:{request.user.pk}", settings.OFFICER_REQUESTS_A_MINUTE
    else:
        who, most = f"address:{client_address(request)}", settings.STRANGER_REQUESTS_A_MINUTE
    window, passed = divmod(int(timezone.now().timestamp()), WINDOW)
    key = f"requests:{who}:{window}"
    cache.add(key, 0, timeout=2 * WINDOW)
    return 0 if cache.incr(key) <= most else WINDOW - passed
