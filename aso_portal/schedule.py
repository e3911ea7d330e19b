"""When the portal does what by itself: tasks by name and seconds between two calls. One beat is enough; two harm nothing.

No entry carries work. Each task looks at the rows of the database and does what is due, so a call that comes late, twice
or never changes nothing but the hour.
"""

BEAT = {
    "plan nights that are due": {"task": "claims.plan_nights", "schedule": 60.0, "options": {"expires": 60}},
    "wake workers of open nights": {"task": "claims.wake_workers", "schedule": 5.0, "options": {"expires": 5}},
    "take back chunks of silent workers": {"task": "claims.reap", "schedule": 30.0, "options": {"expires": 30}},
    "tell the operations host what waits": {
        "task": "claims.project_outboxes",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "look into coverage and prices that moved": {
        "task": "claims.look_into_changes",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "audit nights that are closed": {"task": "claims.audit_nights", "schedule": 120.0, "options": {"expires": 120}},
    "remind of questions and close those without an answer": {
        "task": "claims.tend_correspondence",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "go on with comparisons of plan drafts": {
        "task": "benefits.work_impacts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}
