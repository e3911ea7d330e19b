"""`python -m aso_portal.embedded start|stop|status [main|test|bench]`: the servers alone, without the portal."""

import argparse
import sys

from aso_portal.embedded import postgres, redis, state, supervisor
from aso_portal.embedded.errors import ServerError


def main() -> int:
    """Carry out one word; 0 when it is done (for `status`: when both servers answer)."""
    parser = argparse.ArgumentParser(
        prog="python -m aso_portal.embedded", description="The embedded PostgreSQL and Redis."
    )
    parser.add_argument("word", choices=["start", "stop", "status"])
    parser.add_argument("name", nargs="?", default="main", choices=state.NAMES)
    asked = parser.parse_args()
    try:
        if asked.word == "start":
            supervisor.ensure(asked.name)
        elif asked.word == "stop":
            supervisor.stop(asked.name)
        else:
            known = state.load(asked.name)
            answers = {"PostgreSQL": known and postgres.answers(known), "Redis": known and redis.answers(known)}
            for server, up in answers.items():
                print(f"{server}: {'answers' if up else 'does not answer'}")
            return 0 if all(answers.values()) else 1
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
