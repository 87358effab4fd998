// Nothing but the precompiled headers that others reuse.
