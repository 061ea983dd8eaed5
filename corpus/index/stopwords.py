"""Words that stand in every text of a language and tell nothing of its subject; folded (see ``cognates.fold``)."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.index.cognates import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


STOPWORDS: Mapping[str, frozenset[str]] = {
    "es": _words(
        """a al ante como con contra cual cuales cualquier cuando cuanta cuantas cuanto cuantos de del desde donde
        dos e el ella ellas ello ellos en entre era eran es esa esas ese eso esos esta estaba estan estar
        estas este esto estos fue fueron ha haber habia hace hacen hacer hacia hasta hay he la las le les
        lo los mas me mi mis mismo misma mismos mismas mucho muy no nos nosotros o os otra otras otro
        otros para pero poco por porque puede pueden puedo pues que quien quienes se sea sean segun ser
        si sido sin sobre son su sus tal tambien tan tanto te tener tengo ti tiene tienen toda todas todo
        todos tu tus un una unas uno unos usted ustedes y ya yo"""
    ),
    "pt": _words(
        """a ao aos aquela aquelas aquele aqueles aquilo as ate com como contra cuja cujo da das de dela delas dele
        deles desde dessa dessas desse desses desta destas deste destes do dos e ela elas ele eles em
        entre era eram essa essas esse esses esta estao estar estas estava este estes eu faz fazem fazer
        foi foram ha isso isto ja lhe lhes mais mas me mesma mesmas mesmo mesmos meu meus minha minhas
        muito na nas nao nem no nos nossa nosso num numa o onde os ou para pela pelas pelo pelos perante
        pode podem por porque posso qual quais qualquer quando quanta quantas quanto quantos que quem sao
        se sem ser seu seus sido sob sobre sua suas tal tambem tao te tem ter teu toda todas todo todos
        tu um uma umas uns voce voces"""
    ),
    "en": _words(
        """a about above after all also am an and any are as at be because been before being between both but by can
        could did do does doing each few for from had has have having he her here hers him his how i if
        in into is it its itself may me might more most much must my no nor not of off on once one only
        or other our out over own same shall she should so some such than that the their them then there
        these they this those through to too under until up upon us very was we were what when where
        which while who whom whose why will with would you your"""
    ),
    "fr": _words(
        """a afin ai alors au aucun aussi autre autres aux avait avec avoir c ce ceci cela celle celles celui ces
        cet cette ceux chaque chez combien comme comment d dans de des deux donc dont du elle elles en
        encore entre est et etaient etait etant ete etre eu faire fait faut il ils j je l la le les leur
        leurs lors lorsque lui m ma mais me meme memes mes moi mon n ne ni nos notre nous on ont ou par
        parce pas peut peuvent plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa
        sans se selon sera ses si soit son sont sous sur t ta te tel tes toi ton tous tout toute toutes
        tres tu un une vos votre vous y"""
    ),
    "de": _words(
        """aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei bin bis bist da
        damit dann das dass dein dem den denn der des dessen deren dich die dies diese diesem diesen
        dieser dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer fur
        gegen gewesen hab habe haben hat hatte hier hinter ich ihm ihn ihnen ihr ihre im in indem ins ist
        jede jedem jeden jeder jedes jene kann kein keine konnen man mehr mein mich mir mit muss nach
        nicht nichts noch nun nur ob oder ohne sehr sein seine selbst sich sie sind so soll sollte
        sondern sonst uber um und uns unser unter viel vom von vor wahrend wann war waren warum was weil
        welche welchem welchen welcher welches wenn wer werde werden wie wieder will wir wird wo wurde zu
        zum zur zwischen"""
    ),
    "it": _words(
        """a ad agli ai al alla alle allo anche c che chi ci come con contro cosa cui da dagli dai dal dalla dalle
        dallo degli dei del dell della delle dello di dove due e ed era erano essere fa fare fra gli ha
        hanno i il in io l la le lei li lo loro lui ma me mi mia mie miei mio molto ne negli nei nel
        nella nelle nello noi non nostra nostro o ogni per perche piu po puo quale quali quando quanta
        quante quanti quanto quella quelle quelli quello questa queste questi questo se sei senza si sia
        siamo siano sono sta stata stati stato su sua sue sugli sui sul sulla sulle suo suoi te ti tra tu
        tua tuo tutta tutte tutti tutto un una uno vi voi"""
    ),
    "ru": _words(
        """а без более больше будет будут бы был была были было быть в вам вас ведь весь во вот все всего всех всю
        вы где да даже для до другой его ее ей если есть еще же за здесь и из или им их к каждый как
        какая какие какой каких когда который которая которое которые которых кто куда ли либо лишь между
        меня мне может можно мой мы на над надо наш не него нее нет ни них но ну о об один он она они оно
        от по под после потому почему при про раз с сам свой своей своих себя сколько со так также такая
        такие такой там то тогда того тоже только том тот ту тут ты у уже хотя чего чей чем через что
        чтобы эта эти этих это этого этой этом этот я"""
    ),
}
