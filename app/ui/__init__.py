"""What the person sees: widgets that know signals and slots, never the engine."""
