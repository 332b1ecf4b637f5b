"""Where the definitions come from: one constant a publication."""

ALTMAN_BLAND_1994 = "Altman D. G., Bland J. M. (1994), Diagnostic tests 2: predictive values, BMJ 309, 102"
ANDERSON_1962 = (
    "Anderson T. W. (1962), On the distribution of the two-sample Cramér-von Mises criterion, "
    "Annals of Mathematical Statistics 33(3), 1148-1159"
)
BALAYLA_2020 = "Balayla J. (2020), Prevalence threshold and the geometry of screening curves, PLoS ONE 15(10), e0240215"
BENJAMINI_HOCHBERG_1995 = (
    "Benjamini Y., Hochberg Y. (1995), Controlling the false discovery rate, "
    "Journal of the Royal Statistical Society B 57(1), 289-300"
)
BHATTACHARYYA_1943 = (
    "Bhattacharyya A. (1943), On a measure of divergence between two statistical populations defined by their "
    "probability distributions, Bulletin of the Calcutta Mathematical Society 35, 99-109"
)
BLAND_ALTMAN_1986 = (
    "Bland J. M., Altman D. G. (1986), Statistical methods for assessing agreement between two methods of clinical "
    "measurement, Lancet 327(8476), 307-310"
)
BOWKER_1948 = (
    "Bowker A. H. (1948), A test for symmetry in contingency tables, "
    "Journal of the American Statistical Association 43(244), 572-574"
)
BRIER_1950 = (
    "Brier G. W. (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review 78(1), 1-3"
)
BRODERSEN_2010 = (
    "Brodersen K. H., Ong C. S., Stephan K. E., Buhmann J. M. (2010), The balanced accuracy and its posterior "
    "distribution, International Conference on Pattern Recognition, 3121-3124"
)
CHENG_2021 = (
    "Cheng B., Girshick R., Dollár P., Berg A. C., Kirillov A. (2021), Boundary IoU: improving object-centric image "
    "segmentation evaluation, IEEE Conference on Computer Vision and Pattern Recognition, 15334-15342"
)
CICCHETTI_ALLISON_1971 = (
    "Cicchetti D. V., Allison T. (1971), A new procedure for assessing reliability of scoring EEG sleep recordings, "
    "American Journal of EEG Technology 11(3), 101-110"
)
COHEN_1960 = (
    "Cohen J. (1960), A coefficient of agreement for nominal scales, "
    "Educational and Psychological Measurement 20(1), 37-46"
)
COHEN_1988 = "Cohen J. (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., Lawrence Erlbaum"
DEEKS_ALTMAN_2004 = "Deeks J. J., Altman D. G. (2004), Diagnostic tests 4: likelihood ratios, BMJ 329, 168-169"
DICE_1945 = "Dice L. R. (1945), Measures of the amount of ecologic association between species, Ecology 26(3), 297-302"
FAWCETT_2006 = "Fawcett T. (2006), An introduction to ROC analysis, Pattern Recognition Letters 27(8), 861-874"
FLEISS_COHEN_1973 = (
    "Fleiss J. L., Cohen J. (1973), The equivalence of weighted kappa and the intraclass correlation coefficient as "
    "measures of reliability, Educational and Psychological Measurement 33(3), 613-619"
)
FOWLKES_MALLOWS_1983 = (
    "Fowlkes E. B., Mallows C. L. (1983), A method for comparing two hierarchical clusterings, "
    "Journal of the American Statistical Association 78(383), 553-569"
)
GENOVESE_WASSERMAN_2002 = (
    "Genovese C., Wasserman L. (2002), Operating characteristics and extensions of the false discovery rate "
    "procedure, Journal of the Royal Statistical Society B 64(3), 499-517"
)
GLAS_2003 = (
    "Glas A. S. et al. (2003), The diagnostic odds ratio: a single indicator of test performance, "
    "Journal of Clinical Epidemiology 56(11), 1129-1135"
)
GOOD_1952 = "Good I. J. (1952), Rational decisions, Journal of the Royal Statistical Society B 14(1), 107-114"
GORODKIN_2004 = (
    "Gorodkin J. (2004), Comparing two K-category assignments by a K-category correlation coefficient, "
    "Computational Biology and Chemistry 28(5-6), 367-374; for two classes Matthews B. W. (1975), "
    "Biochimica et Biophysica Acta 405(2), 442-451"
)
GWET_2008 = (
    "Gwet K. L. (2008), Computing inter-rater reliability and its variance in the presence of high agreement, "
    "British Journal of Mathematical and Statistical Psychology 61(1), 29-48"
)
HAMMING_1950 = (
    "Hamming R. W. (1950), Error detecting and error correcting codes, Bell System Technical Journal 29(2), 147-160"
)
HANLEY_MCNEIL_1982 = (
    "Hanley J. A., McNeil B. J. (1982), The meaning and use of the area under a receiver operating characteristic "
    "(ROC) curve, Radiology 143(1), 29-36"
)
HAYES_KRIPPENDORFF_2007 = (
    "Hayes A. F., Krippendorff K. (2007), Answering the call for a standard reliability measure for coding data, "
    "Communication Methods and Measures 1(1), 77-89"
)
HEIMANN_2009 = (
    "Heimann T. et al. (2009), Comparison and evaluation of methods for liver segmentation from CT datasets, "
    "IEEE Transactions on Medical Imaging 28(8), 1251-1265"
)
HELLINGER_1909 = (
    "Hellinger E. (1909), Neue Begründung der Theorie quadratischer Formen von unendlichvielen Veränderlichen, "
    "Journal für die reine und angewandte Mathematik 136, 210-271"
)
HUBERT_ARABIE_1985 = "Hubert L., Arabie P. (1985), Comparing partitions, Journal of Classification 2(1), 193-218"
HUTTENLOCHER_1993 = (
    "Huttenlocher D. P., Klanderman G. A., Rucklidge W. J. (1993), Comparing images using the Hausdorff distance, "
    "IEEE Transactions on Pattern Analysis and Machine Intelligence 15(9), 850-863"
)
JACCARD_1912 = "Jaccard P. (1912), The distribution of the flora in the alpine zone, New Phytologist 11(2), 37-50"
KENDALL_1945 = "Kendall M. G. (1945), The treatment of ties in ranking problems, Biometrika 33(3), 239-251"
KENT_1955 = (
    "Kent A., Berry M. M., Luehrs F. U., Perry J. W. (1955), Machine literature searching VIII: operational criteria "
    "for designing information retrieval systems, American Documentation 6(2), 93-101"
)
KUBAT_MATWIN_1997 = (
    "Kubat M., Matwin S. (1997), Addressing the curse of imbalanced training sets: one-sided selection, "
    "International Conference on Machine Learning, 179-186"
)
KUHN_2008 = (
    "Kuhn M. (2008), Building predictive models in R using the caret package, "
    "Journal of Statistical Software 28(5), 1-26"
)
KULLBACK_LEIBLER_1951 = (
    "Kullback S., Leibler R. A. (1951), On information and sufficiency, Annals of Mathematical Statistics 22(1), 79-86"
)
KVALSETH_1985 = "Kvålseth T. O. (1985), Cautionary note about R², The American Statistician 39(4), 279-285"
LEVIN_2009 = "Levin D. A., Peres Y., Wilmer E. L. (2009), Markov Chains and Mixing Times, AMS, section 4.1"
LIN_1989 = (
    "Lin L. I.-K. (1989), A concordance correlation coefficient to evaluate reproducibility, Biometrics 45(1), 255-268"
)
LIN_1991 = (
    "Lin J. (1991), Divergence measures based on the Shannon entropy, "
    "IEEE Transactions on Information Theory 37(1), 145-151"
)
LONG_2015 = (
    "Long J., Shelhamer E., Darrell T. (2015), Fully convolutional networks for semantic segmentation, "
    "IEEE Conference on Computer Vision and Pattern Recognition, 3431-3440"
)
MANN_WHITNEY_1947 = (
    "Mann H. B., Whitney D. R. (1947), On a test of whether one of two random variables is stochastically larger than "
    "the other, Annals of Mathematical Statistics 18(1), 50-60"
)
MAXWELL_1970 = (
    "Maxwell A. E. (1970), Comparing the classification of subjects by two independent judges, "
    "British Journal of Psychiatry 116(535), 651-655, after Stuart A. (1955), Biometrika 42(3-4), 412-416"
)
MCGRAW_WONG_1996 = (
    "McGraw K. O., Wong S. P. (1996), Forming inferences about some intraclass correlation coefficients, "
    "Psychological Methods 1(1), 30-46, ICC(A,1)"
)
MCNEMAR_1947 = (
    "McNemar Q. (1947), Note on the sampling error of the difference between correlated proportions or percentages, "
    "Psychometrika 12(2), 153-157"
)
MEILA_2007 = (
    "Meilă M. (2007), Comparing clusterings: an information based distance, "
    "Journal of Multivariate Analysis 98(5), 873-895"
)
METZ_1978 = "Metz C. E. (1978), Basic principles of ROC analysis, Seminars in Nuclear Medicine 8(4), 283-298"
NAEINI_2015 = (
    "Naeini M. P., Cooper G. F., Hauskrecht M. (2015), Obtaining well calibrated probabilities using Bayesian "
    "binning, AAAI Conference on Artificial Intelligence, 2901-2907"
)
NIKOLOV_2021 = (
    "Nikolov S. et al. (2021), Clinically applicable segmentation of head and neck anatomy for radiotherapy: deep "
    "learning algorithm development and validation study, Journal of Medical Internet Research 23(7), e26151"
)
PEARSON_1895 = (
    "Pearson K. (1895), Note on regression and inheritance in the case of two parents, "
    "Proceedings of the Royal Society of London 58, 240-242"
)
PEDREGOSA_2011 = (
    "Pedregosa F. et al. (2011), Scikit-learn: machine learning in Python, "
    "Journal of Machine Learning Research 12, 2825-2830"
)
PELE_WERMAN_2010 = (
    "Pele O., Werman M. (2010), The quadratic-chi histogram distance family, "
    "European Conference on Computer Vision, 749-762"
)
POWERS_2011 = (
    "Powers D. M. W. (2011), Evaluation: from precision, recall and F-measure to ROC, informedness, markedness and "
    "correlation, Journal of Machine Learning Technologies 2(1), 37-63"
)
RAND_1971 = (
    "Rand W. M. (1971), Objective criteria for the evaluation of clustering methods, "
    "Journal of the American Statistical Association 66(336), 846-850"
)
ROSENBERG_HIRSCHBERG_2007 = (
    "Rosenberg A., Hirschberg J. (2007), V-measure: a conditional entropy-based external cluster evaluation measure, "
    "EMNLP-CoNLL, 410-420"
)
RUBNER_2000 = (
    "Rubner Y., Tomasi C., Guibas L. J. (2000), The earth mover's distance as a metric for image retrieval, "
    "International Journal of Computer Vision 40(2), 99-121"
)
SALTON_MCGILL_1983 = "Salton G., McGill M. J. (1983), Introduction to Modern Information Retrieval, McGraw-Hill"
SCOTT_1955 = (
    "Scott W. A. (1955), Reliability of content analysis: the case of nominal scale coding, "
    "Public Opinion Quarterly 19(3), 321-325"
)
SHANNON_1948 = (
    "Shannon C. E. (1948), A mathematical theory of communication, Bell System Technical Journal 27(3), 379-423"
)
SMIRNOV_1948 = (
    "Smirnov N. (1948), Table for estimating the goodness of fit of empirical distributions, "
    "Annals of Mathematical Statistics 19(2), 279-281"
)
SOKOLOVA_LAPALME_2009 = (
    "Sokolova M., Lapalme G. (2009), A systematic analysis of performance measures for classification tasks, "
    "Information Processing & Management 45(4), 427-437"
)
SPEARMAN_1904 = (
    "Spearman C. (1904), The proof and measurement of association between two things, "
    "American Journal of Psychology 15(1), 72-101"
)
SWAIN_BALLARD_1991 = (
    "Swain M. J., Ballard D. H. (1991), Color indexing, International Journal of Computer Vision 7(1), 11-32"
)
SZEKELY_RIZZO_2013 = (
    "Székely G. J., Rizzo M. L. (2013), Energy statistics: a class of statistics based on distances, "
    "Journal of Statistical Planning and Inference 143(8), 1249-1272"
)
TAHA_HANBURY_2015 = (
    "Taha A. A., Hanbury A. (2015), Metrics for evaluating 3D medical image segmentation: analysis, selection, and "
    "tool, BMC Medical Imaging 15, 29"
)
VAN_DER_WALT_2014 = "van der Walt S. et al. (2014), scikit-image: image processing in Python, PeerJ 2, e453"
VAN_RIJSBERGEN_1979 = "van Rijsbergen C. J. (1979), Information Retrieval, 2nd ed., Butterworths"
VARGHA_DELANEY_2000 = (
    "Vargha A., Delaney H. D. (2000), A critique and improvement of the CL common language effect size statistics of "
    "McGraw and Wong, Journal of Educational and Behavioral Statistics 25(2), 101-132"
)
VINH_2010 = (
    "Vinh N. X., Epps J., Bailey J. (2010), Information theoretic measures for clusterings comparison, "
    "Journal of Machine Learning Research 11, 2837-2854"
)
VIOLA_WELLS_1997 = (
    "Viola P., Wells W. M. (1997), Alignment by maximization of mutual information, "
    "International Journal of Computer Vision 24(2), 137-154"
)
WANG_2003 = (
    "Wang Z., Simoncelli E. P., Bovik A. C. (2003), Multiscale structural similarity for image quality assessment, "
    "Asilomar Conference on Signals, Systems and Computers, 1398-1402"
)
WANG_2004 = (
    "Wang Z., Bovik A. C., Sheikh H. R., Simoncelli E. P. (2004), Image quality assessment: from error visibility to "
    "structural similarity, IEEE Transactions on Image Processing 13(4), 600-612"
)
WANG_BOVIK_2009 = (
    "Wang Z., Bovik A. C. (2009), Mean squared error: love it or leave it?, "
    "IEEE Signal Processing Magazine 26(1), 98-117"
)
WELCH_1947 = (
    "Welch B. L. (1947), The generalization of 'Student's' problem when several different population variances are "
    "involved, Biometrika 34(1-2), 28-35"
)
WILLMOTT_MATSUURA_2005 = (
    "Willmott C. J., Matsuura K. (2005), Advantages of the mean absolute error (MAE) over the root mean square error "
    "(RMSE) in assessing average model performance, Climate Research 30(1), 79-82"
)
XUE_2014 = (
    "Xue W., Zhang L., Mou X., Bovik A. C. (2014), Gradient magnitude similarity deviation: a highly efficient "
    "perceptual image quality index, IEEE Transactions on Image Processing 23(2), 684-695"
)
YERUSHALMY_1947 = (
    "Yerushalmy J. (1947), Statistical problems in assessing methods of medical diagnosis, with special reference to "
    "X-ray techniques, Public Health Reports 62(40), 1432-1449"
)
YOUDEN_1950 = "Youden W. J. (1950), Index for rating diagnostic tests, Cancer 3(1), 32-35"
ZHU_2004 = (
    "Zhu M. (2004), Recall, precision and average precision, Working Paper 2004-09, Department of Statistics and "
    "Actuarial Science, University of Waterloo"
)
