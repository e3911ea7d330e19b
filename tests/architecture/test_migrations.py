"""Models and migrations say the same; found without asking a database."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState


def test_no_model_has_changed_without_a_migration():
    loader = MigrationLoader(None)
    questioner = NonInteractiveMigrationQuestioner(dry_run=True)
    found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), questioner)
    changes = found.changes(graph=loader.graph)
    ours = {label: [str(one) for one in made] for label, made in changes.items()}
    assert ours == {}


def test_no_two_migrations_of_an_app_claim_to_be_the_last():
    assert MigrationLoader(None).detect_conflicts() == {}
