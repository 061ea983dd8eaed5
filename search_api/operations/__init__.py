"""For those who run the service: is it alive, is it ready, how much does it do."""
