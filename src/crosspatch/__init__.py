"""Crosspatch: how well do two equally sized patches of pixels agree, ground truth against test data?"""

from crosspatch.baseline import Baseline, baseline
from crosspatch.chance import Chance
from crosspatch.compare import compare, random_region
from crosspatch.confusion import ConfusionMatrix
from crosspatch.decode import read_picture
from crosspatch.errors import CrosspatchError, Impossible, InvalidRequest, PictureTooLarge, UnreadablePicture
from crosspatch.histogram import JointHistogram
from crosspatch.labelling import Labelling
from crosspatch.limits import Limits
from crosspatch.metric import Metric
from crosspatch.metrics import CATALOGUE as METRICS
from crosspatch.picture import Picture, resize
from crosspatch.rectangles import Overlap, Rectangle, overlap
from crosspatch.report import Report

__version__ = "0.1.0"

__all__ = [
    "METRICS",
    "Baseline",
    "Chance",
    "ConfusionMatrix",
    "CrosspatchError",
    "Impossible",
    "InvalidRequest",
    "JointHistogram",
    "Labelling",
    "Limits",
    "Metric",
    "Overlap",
    "Picture",
    "PictureTooLarge",
    "Rectangle",
    "Report",
    "UnreadablePicture",
    "baseline",
    "compare",
    "overlap",
    "random_region",
    "read_picture",
    "resize",
]
