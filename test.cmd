@echo off
rem Sets up what is missing, then runs every check. Arguments go to pytest.
setlocal
set "ROOT=%~dp0"
cd /d "%ROOT%"
call "%ROOT%packaging\environment.cmd" "app,training,dev" || exit /b 1
for %%M in (base tiny.en language) do (
    if not exist "%MODELS%\%%M\idiolect.json" "%VENV%\Scripts\idiolect.exe" models fetch %%M || exit /b 1
)
set "IDIOLECT_MODELS=%MODELS%"
if not "%~1"=="" goto pytest
"%VENV%\Scripts\ruff.exe" check . || exit /b 1
"%VENV%\Scripts\mypy.exe" --strict engine || exit /b 1
"%VENV%\Scripts\python.exe" -m pytest -n 2 --dist loadfile
exit /b %ERRORLEVEL%
:pytest
"%VENV%\Scripts\python.exe" -m pytest %*
exit /b %ERRORLEVEL%
