"""Made-up providers, services and claim files: for the demo, the benches and the crash tests.

A real installation never reads them.
"""
