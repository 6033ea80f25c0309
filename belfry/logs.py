"""Plain logs on stderr: one line an event, a constant string with fields."""

import logging
import os
import sys

import structlog


def configure_logging() -> None:
    """Send logs to stderr at BELFRY_LOG_LEVEL (INFO unless set), in colour only for a person."""
    level = logging.getLevelNamesMapping().get(os.environ.get("BELFRY_LOG_LEVEL", "INFO"), logging.INFO)
    logging.basicConfig(
        stream=sys.stderr, level=max(level, logging.WARNING), format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    # What goes wrong in these is raised, wrapped and told once; their own lines would tell it ten times.
    for driver in ("kafka", "elastic_transport"):
        logging.getLogger(driver).setLevel(logging.CRITICAL if level > logging.DEBUG else level)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
