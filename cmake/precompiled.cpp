// A target that owns a precompiled header needs a source; this is it.
