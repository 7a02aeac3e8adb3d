import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "M. Dupont, Mme Roy, Mlle Petit, MM. Dupont et Martin, Dr Lenoir",
            "Monsieur Dupont, madame Roy, mademoiselle Petit, messieurs Dupont et "
            "Martin, docteur Lenoir",
        ),
        (
            "M. et Mme Dupont",
            "Monsieur et madame Dupont",
        ),
        (
            "M. est venu, il mesure 5 MM. Oui",
            "M. est venu, il mesure 5 MM. Oui",
        ),
        (
            "la taille M. Il est parti.",
            "la taille M. Il est parti.",
        ),
        (
            "p. ex. n° 5, etc.",
            "par exemple numéro 5, etcétéra.",
        ),
        (
            "Au XXIe siècle, le XIXe, le 2e étage, la 1re fois, le 1er mai, 71e",
            "Au vingt et unième siècle, le dix-neuvième, le deuxième étage, la première "
            "fois, le premier mai, soixante et onzième",
        ),
        (
            "Louis XIV, François Ier, Charles V, tome II",
            "Louis 14, François premier, Charles 5, tome 2",
        ),
        (
            "3,50 €, 1 €, 0,50 €, 3,05 €, 1 000 €, 3 millions €, 5 millions $, $5, 10-20 €",
            "3 euros 50, un euro, 50 centimes, 3 euros et 5 centimes, 1000 euros, 3 "
            "millions d’euros, 5 millions de dollars, 5 dollars, 10 à 20 euros",
        ),
        (
            "14h30, 14 h 30, 14h, 21h, 1h00, à 14:30, 20h-22h",
            "14 heures 30, 14 heures 30, 14 heures, vingt et une heures, une heure, à 14 "
            "heures 30, 20 heures à 22 heures",
        ),
        (
            "5 km, 80 km/h, 20 °C, 2,5 kg, 12 m², 16 Go",
            "5 kilomètres, 80 kilomètres heure, 20 degrés Celsius, 2,5 kilos, 12 mètres "
            "carrés, 16 gigaoctets",
        ),
        (
            "10-20 personnes, 2010-2015",
            "10 à 20 personnes, 2010 à 2015",
        ),
        (
            "06-12-34-56-78, 3-1, le 06 12 34 56 78, 5 l'un, XXL, 75001 Paris",
            "06-12-34-56-78, 3-1, le 06 12 34 56 78, 5 l'un, XXL, 75001 Paris",
        ),
        (
            "le 12/05/2024, le 01/05/2024",
            "le 12 mai 2024, le premier mai 2024",
        ),
        ("Harold M. Petit, avec M. Le Pen, /etc.", "Harold M. Petit, avec monsieur Le Pen, /etc."),
        (
            "Le 14 juillet 1789, à 10h, M. Durand paya 12,50 € pour 2 kg de pommes.",
            "Le 14 juillet 1789, à 10 heures, monsieur Durand paya 12 euros 50 pour 2 "
            "kilos de pommes.",
        ),
        (
            "Le PSG a battu l'OM 3-1 au Parc des Princes le 24/09/2023 à 20h45.",
            "Le PSG a battu l'OM 3-1 au Parc des Princes le 24 septembre 2023 à 20 heures 45.",
        ),
        (
            "Au XVIIe siècle, Louis XIV vivait à Versailles, à 20 km de Paris.",
            "Au dix-septième siècle, Louis 14 vivait à Versailles, à 20 kilomètres de Paris.",
        ),
        (
            "Appelez le 01 23 45 67 89 de 9h à 18h, du lundi au vendredi.",
            "Appelez le 01 23 45 67 89 de 9 heures à 18 heures, du lundi au vendredi.",
        ),
        (
            "Il a 1 500 € d'économies et 3 enfants de 5 à 12 ans.",
            "Il a 1500 euros d'économies et 3 enfants de 5 à 12 ans.",
        ),
        (
            "La 2e partie de l'art. 5 est au n° 12, p. 34.",
            "La deuxième partie de l'article 5 est au numéro 12, page 34.",
        ),
        ("Vers midi, Ver de terre, Vers la mer.", "Vers midi, Ver de terre, Vers la mer."),
        (
            "Aux XIXe-XXe siècles, Ier, Ire, XVIIIᵉ",
            "Aux dix-neuvième-vingtième siècles, premier, première, dix-huitième",
        ),
        (
            "Matthieu 5:10, battus 22:25, un trajet de 2:30, à l'échelle 1:25, après 2:30 heures",
            "Matthieu 5:10, battus 22:25, un trajet de 2:30, à l'échelle 1:25, après 2:30 heures",
        ),
        (
            "vers 9:00, de 9:00 à 18:00, 9:00-17:30, 14:30 h",
            "vers 9 heures, de 9 heures à 18 heures, 9 heures à 17 heures 30, 14 heures 30",
        ),
        ("guerre de 14-18, en 39-45, 14-18 ans", "guerre de 14 18, en 39 45, 14 à 18 ans"),
        ("CHF 1'500, 1'500.50 CHF", "1500 francs suisses, 1500 francs suisses 50"),
        ("La guerre dura 14-18 mois.", "La guerre dura 14 à 18 mois."),
        ("22:25-20:25, battu à 22:25", "22:25-20:25, battu à 22:25"),
        (
            "2 c. à soupe, 1 c. à café, 1/2 c. à café, 30 min",
            "2 cuillères à soupe, une cuillère à café, une demi cuillère à café, 30 minutes",
        ),
        (
            "bd. Voltaire, av. Foch, en 50 av. J.-C. déjà",
            "boulevard Voltaire, avenue Foch, en 50 avant Jésus-Christ déjà",
        ),
    ],
)
def test_french(written: str, spoken: str) -> None:
    assert read_out(written, "fr") == spoken
