"""How the models of the sample registry come about: one module per model, and the export into folders."""
