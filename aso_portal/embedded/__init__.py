"""PostgreSQL and Redis out of Python wheels, for trying the portal and for its tests.

A real installation names its own servers in DATABASE_URL and REDIS_URL; then nothing here starts anything.
Nothing in this package imports Django, so settings may ask `state` where the servers are.
"""
