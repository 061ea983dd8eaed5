"""The service and the ``lonja`` command line: where the parts are put together and answer to people and programs."""
