"""Which TensorFlow symbol does this expression name? Scopes, reaching bindings, values, sites."""
