"""The words of what is said of a Ray cluster that files are ingested on, in English and German. Pure."""

from __future__ import annotations

from rag.notices import Wording

WORDINGS: dict[str, Wording] = {
    # The way to the cluster.
    "cluster-address-wrong": (
        "{address!r} names no workers; write --workers local, ray, ray://HOST:PORT or HOST:PORT.",
        "„{address}“ nennt keine Arbeiter; schreiben Sie --workers local, ray, ray://RECHNER:PORT oder RECHNER:PORT.",
    ),
    "cluster-without-ray": (
        "Ray is not installed, which a cluster needs; install footnote-rag[cluster], or leave --workers out.",
        "Ray ist nicht installiert, das ein Cluster braucht; installieren Sie footnote-rag[cluster] oder lassen Sie "
        "--workers weg.",
    ),
    "cluster-not-connected": (
        "The cluster at {address} cannot be joined: {cause}; check the address, and that Ray has the same version "
        "there.",
        "Dem Cluster unter {address} kann nicht beigetreten werden: {cause}; prüfen Sie die Adresse und ob Ray dort "
        "dieselbe Version hat.",
    ),
    "cluster-without-nodes": (
        "No node of the cluster can work; start one with a processor core: ray start --address=HOST:PORT.",
        "Kein Knoten des Clusters kann arbeiten; starten Sie einen mit einem Prozessorkern: ray start "
        "--address=RECHNER:PORT.",
    ),
    "cluster-node-without-footnote": (
        "The node {node} of the cluster has no Footnote; install the version of this machine in its Python.",
        "Der Knoten {node} des Clusters hat kein Footnote; installieren Sie in seinem Python die Version dieses "
        "Rechners.",
    ),
    "cluster-node-differs": (
        "The node {node} of the cluster has Footnote {there}, and this machine {here}; install the same there.",
        "Der Knoten {node} des Clusters hat Footnote {there}, dieser Rechner {here}; installieren Sie dort dasselbe.",
    ),
    "cluster-lost": (
        "The cluster is gone ({cause}); what was committed is kept, run the command again to go on.",
        "Der Cluster ist fort ({cause}); das Gespeicherte bleibt, führen Sie den Befehl noch einmal aus.",
    ),
    # The embedding model there.
    "cluster-model-absent": (
        "A node of the cluster lacks the embedding model {model}, whose files are not on this machine either; install "
        "it there.",
        "Einem Knoten des Clusters fehlt das Embedding-Modell {model}, dessen Dateien auch hier nicht liegen; "
        "installieren Sie es dort.",
    ),
    "cluster-model-differs": (
        "The embedding model {model} gives other vectors on a node of the cluster than here; install the same packages "
        "there.",
        "Das Embedding-Modell {model} ergibt auf einem Knoten des Clusters andere Vektoren als hier; installieren Sie "
        "dort dieselben Pakete.",
    ),
    "cluster-model-damaged": (
        "A file of the embedding model was damaged on its way to a node of the cluster; run the command again.",
        "Eine Datei des Embedding-Modells wurde auf dem Weg zu einem Knoten des Clusters beschädigt; führen Sie den "
        "Befehl noch einmal aus.",
    ),
    "cluster-model-not-stored": (
        "A node of the cluster cannot store the embedding model in {folder}: {cause}; free some space there, or set "
        "RAG_MODELS for it.",
        "Ein Knoten des Clusters kann das Embedding-Modell nicht in {folder} ablegen: {cause}; schaffen Sie dort Platz "
        "oder setzen Sie RAG_MODELS für ihn.",
    ),
    # Reasons why a file is not read.
    "cluster-file-kills": (
        "the process that read it on the cluster died {times} times; read it without --workers to see why",
        "der Prozess, der sie auf dem Cluster las, starb {times}-mal; lesen Sie sie ohne --workers, um den Grund zu "
        "sehen",
    ),
    "cluster-text-kills": (
        "the process that embedded its text on the cluster died {times} times; read it without --workers to see why",
        "der Prozess, der auf dem Cluster die Vektoren ihres Textes berechnete, starb {times}-mal; lesen Sie sie ohne "
        "--workers, um den Grund zu sehen",
    ),
    "cluster-task-failed": (
        "a node of the cluster failed over it ({cause}); check that it has the packages of this machine",
        "ein Knoten des Clusters scheiterte daran ({cause}); prüfen Sie, ob er die Pakete dieses Rechners hat",
    ),
}
