"""Reference data every employer may read: providers, networks, fee schedules, code sets. Rows are appended by release."""
